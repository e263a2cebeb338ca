import { ECSClient } from '@aws-sdk/client-ecs';
import { client } from '../clients.ts';

export const ecsClient = () => client(ECSClient);
