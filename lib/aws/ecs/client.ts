import { ECSClient } from '@aws-sdk/client-ecs';
import { clientOf } from '#lib/aws/sdk/clients.ts';

export const ecsClient = () => clientOf(ECSClient);
