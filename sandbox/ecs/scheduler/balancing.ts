import type { LoadBalancer } from '@aws-sdk/client-ecs';
import type { BalancerRef, Target, TargetHealth } from '../needs.ts';
import type { Ecs, TaskRecord } from '../state.ts';
import { addServiceEvent } from './service-events.ts';

export function balancerRef({ targetGroupArn, loadBalancerName }: LoadBalancer): BalancerRef {
  return targetGroupArn !== undefined ? { targetGroupArn } : { loadBalancerName: loadBalancerName as string };
}

/** `target-group ARN` or `elb NAME`, as service events and stop reasons name a load balancer. */
export function balancerName({ targetGroupArn, loadBalancerName }: LoadBalancer): string {
  return targetGroupArn !== undefined ? `target-group ${targetGroupArn}` : `elb ${loadBalancerName}`;
}

function things({ targetGroupArn }: LoadBalancer): string {
  return targetGroupArn !== undefined ? 'targets' : 'instances';
}

/** Where a load balancer reaches the task: its own address, or the port on its instance. */
function targetOf(record: TaskRecord, { containerName, containerPort }: LoadBalancer): Target | undefined {
  if (record.address !== undefined) return { id: record.address, port: containerPort as number };
  const container = record.containers.find(({ definition }) => definition.name === containerName)?.container;
  const binding = container?.networkBindings?.find((one) => one.containerPort === containerPort);
  if (binding?.hostPort === undefined || !record.instance) return undefined;
  return { id: record.instance.ec2InstanceId, port: binding.hostPort };
}

export function registerTargets(ecs: Ecs, record: TaskRecord): void {
  for (const loadBalancer of record.loadBalancers) {
    const target = targetOf(record, loadBalancer);
    if (!target) continue;
    ecs.needs.balancers.register(balancerRef(loadBalancer), target);
    record.registered.push({ loadBalancer, target });
    announce(ecs, record, `registered 1 ${things(loadBalancer)} in (${balancerName(loadBalancer)})`);
  }
}

/** Resolves when every load balancer has drained the task. */
export async function deregisterTargets(ecs: Ecs, record: TaskRecord): Promise<void> {
  const registered = record.registered;
  record.registered = [];
  await Promise.all(
    registered.map(({ loadBalancer, target }) => {
      announce(ecs, record, `deregistered 1 ${things(loadBalancer)} in (${balancerName(loadBalancer)})`);
      return ecs.needs.balancers.deregister(balancerRef(loadBalancer), target);
    }),
  );
}

function announce(ecs: Ecs, { service }: TaskRecord, what: string): void {
  if (service) addServiceEvent(ecs, service, what);
}

/** The load balancer that calls the task unhealthy, or the worst state short of that. */
export function balancedHealth(
  ecs: Ecs,
  record: TaskRecord,
): { state: Exclude<TargetHealth, 'draining' | 'unused'>; by?: LoadBalancer; target?: Target } {
  let state: 'healthy' | 'initial' =
    record.registered.length < record.loadBalancers.length ? 'initial' : 'healthy';
  for (const { loadBalancer, target } of record.registered) {
    const health = ecs.needs.balancers.health(balancerRef(loadBalancer), target);
    if (health === 'unhealthy') return { state: 'unhealthy', by: loadBalancer, target };
    if (health !== 'healthy') state = 'initial';
  }
  return { state };
}
