import type { LoadBalancer as ServiceLoadBalancer, Task } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand as DescribeClassicCommand,
  DescribeInstanceHealthCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TaskTarget } from '#lib/deployment/rollout/health.ts';
import { clientOf } from './sdk/clients.ts';

export interface Balancers {
  /**
   * The health of the targets that belong to these tasks: by instance and host port, by address and container port,
   * or by instance behind a classic load balancer (which cannot tell two tasks of one instance apart).
   */
  targets(
    balancer: ServiceLoadBalancer,
    tasks: Task[],
    instanceIds: Map<string, string>,
  ): Promise<TaskTarget[]>;
  /** Where a client reaches the service; undefined when no HTTP listener leads there. */
  url(balancer: ServiceLoadBalancer): Promise<string | undefined>;
}

export function createBalancers(
  classic = clientOf(ElasticLoadBalancingClient),
  modern = clientOf(ElasticLoadBalancingV2Client),
): Balancers {
  async function modernTargets(
    targetGroupArn: string,
    balancer: ServiceLoadBalancer,
    tasks: Task[],
    instanceIds: Map<string, string>,
  ) {
    const { TargetHealthDescriptions } = await modern.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    );
    const wanted = groupByTarget(tasks, (task) => targetsOf(task, balancer, instanceIds));
    return (TargetHealthDescriptions ?? [])
      .map((each) => ({ ...each, id: `${each.Target?.Id}:${each.Target?.Port}` }))
      .filter((each) => wanted.has(each.id))
      .map((each) => ({
        target: each.id,
        tasks: wanted.get(each.id) ?? [],
        state: each.TargetHealth?.State ?? 'unknown',
        reason: each.TargetHealth?.Reason,
      }));
  }

  async function classicTargets(loadBalancerName: string, tasks: Task[], instanceIds: Map<string, string>) {
    const wanted = groupByTarget(tasks, (task) => instanceIds.get(task.containerInstanceArn ?? '') ?? []);
    const { InstanceStates } = await classic.send(
      new DescribeInstanceHealthCommand({ LoadBalancerName: loadBalancerName }),
    );
    return (InstanceStates ?? [])
      .filter((each) => wanted.has(each.InstanceId ?? ''))
      .map((each) => ({
        target: each.InstanceId ?? '',
        tasks: wanted.get(each.InstanceId ?? '') ?? [],
        state: each.State ?? 'Unknown',
        reason: each.Description === 'N/A' ? undefined : each.Description,
      }));
  }

  async function classicUrl(loadBalancerName: string) {
    const { LoadBalancerDescriptions } = await classic.send(
      new DescribeClassicCommand({ LoadBalancerNames: [loadBalancerName] }),
    );
    const found = LoadBalancerDescriptions?.[0];
    const listener = found?.ListenerDescriptions?.map((each) => each.Listener).find(
      (each) => each?.Protocol === 'HTTP' || each?.Protocol === 'HTTPS',
    );
    return originOf(listener?.Protocol, found?.DNSName, listener?.LoadBalancerPort);
  }

  async function modernUrl(targetGroupArn: string) {
    const { TargetGroups } = await modern.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }),
    );
    const loadBalancerArn = TargetGroups?.[0]?.LoadBalancerArns?.[0];
    if (loadBalancerArn === undefined) return undefined;
    const [{ LoadBalancers }, { Listeners }] = await Promise.all([
      modern.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancerArn] })),
      modern.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn })),
    ]);
    const listener =
      Listeners?.find((each) =>
        each.DefaultActions?.some((action) => action.TargetGroupArn === targetGroupArn),
      ) ?? Listeners?.[0];
    return originOf(listener?.Protocol, LoadBalancers?.[0]?.DNSName, listener?.Port);
  }

  return {
    async targets(balancer, tasks, instanceIds) {
      if (balancer.targetGroupArn !== undefined)
        return modernTargets(balancer.targetGroupArn, balancer, tasks, instanceIds);
      if (balancer.loadBalancerName !== undefined)
        return classicTargets(balancer.loadBalancerName, tasks, instanceIds);
      return [];
    },
    async url(balancer) {
      if (balancer.targetGroupArn !== undefined) return modernUrl(balancer.targetGroupArn);
      if (balancer.loadBalancerName !== undefined) return classicUrl(balancer.loadBalancerName);
      return undefined;
    },
  };
}

/** Target → the ARNs of the tasks that it stands for. */
function groupByTarget(tasks: Task[], targetsOf: (task: Task) => string | string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const task of tasks)
    for (const target of [targetsOf(task)].flat())
      found.set(target, [...(found.get(target) ?? []), task.taskArn ?? '']);
  return found;
}

/** The ids under which a task of this service is a target: `instance:hostPort` or `address:containerPort`. */
function targetsOf(task: Task, balancer: ServiceLoadBalancer, instanceIds: Map<string, string>): string[] {
  const container = task.containers?.find((each) => each.name === balancer.containerName);
  const address = container?.networkInterfaces?.[0]?.privateIpv4Address;
  if (address !== undefined) return [`${address}:${balancer.containerPort}`];
  const instance = instanceIds.get(task.containerInstanceArn ?? '');
  return (container?.networkBindings ?? [])
    .filter((each) => each.containerPort === balancer.containerPort)
    .map((each) => `${instance}:${each.hostPort}`);
}

function originOf(
  protocol: string | undefined,
  host: string | undefined,
  port: number | undefined,
): string | undefined {
  if (host === undefined || port === undefined || (protocol !== 'HTTP' && protocol !== 'HTTPS'))
    return undefined;
  return new URL(`${protocol.toLowerCase()}://${host}:${port}`).origin;
}
