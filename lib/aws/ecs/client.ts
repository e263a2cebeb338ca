import { ECSClient } from '@aws-sdk/client-ecs';
import { client } from '#lib/aws/sdk/clients.ts';

export const ecsClient = () => client(ECSClient);
