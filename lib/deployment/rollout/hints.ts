import * as z from 'zod';

/**
 * What a wait is found by: the migration's task, or the ECS service of a rollout. An ECS service is named by cluster
 * and name, as in its ARN.
 */
export const taskWaitKeyOf = (taskArn: string) => `task#${taskArn}`;
export const serviceWaitKeyOf = (cluster: string, service: string) => `service#${cluster}/${service}`;

const nameOf = (arn: string) => arn.split('/').at(-1) ?? arn;

const TaskStateChange = z.object({
  'detail-type': z.literal('ECS Task State Change'),
  detail: z.object({
    taskArn: z.string().min(1),
    clusterArn: z.string().min(1),
    group: z.string().optional(),
  }),
});

/** ECS Deployment State Change and ECS Service Action name the service in resources[0]. */
const ServiceChange = z.object({
  'detail-type': z.enum(['ECS Deployment State Change', 'ECS Service Action']),
  resources: z.tuple(
    [z.string().regex(/:service\/[^/]+\/[^/]+$/, 'an ARN of a service with its cluster')],
    z.string(),
  ),
});

export const EcsEvent = z.discriminatedUnion('detail-type', [TaskStateChange, ServiceChange]);
export type EcsEvent = z.infer<typeof EcsEvent>;

/** The waits that an ECS event may concern. */
export function waitKeysOf(event: EcsEvent): string[] {
  if (event['detail-type'] === 'ECS Task State Change') {
    const { taskArn, clusterArn, group } = event.detail;
    const service = group?.startsWith('service:') ? group.slice('service:'.length) : undefined;
    return [service === undefined ? taskWaitKeyOf(taskArn) : serviceWaitKeyOf(nameOf(clusterArn), service)];
  }
  const [cluster = '', service = ''] = event.resources[0].split('/').slice(-2);
  return [serviceWaitKeyOf(cluster, service)];
}
