import type { Failure, PlacementConstraint, PlacementStrategy, TaskDefinition } from '@aws-sdk/client-ecs';
import type { ClusterRecord, Ecs, InstanceRecord, Reservation } from '../state.ts';
import { parseExpression } from './constraints.ts';
import { remaining, tasksOn } from './reservation.ts';

export interface PlacementRequest {
  definition: TaskDefinition;
  reservation: Reservation;
  /** Tasks of one group are spread, and kept apart by distinctInstance. */
  group: string;
  constraints?: PlacementConstraint[];
  strategy?: PlacementStrategy[];
}

export type Placement = { instance: InstanceRecord } | { failures: Failure[] };

/** Finds a container instance with room for the task, or says of every instance why it has none. */
export function place(ecs: Ecs, cluster: ClusterRecord, request: PlacementRequest): Placement {
  const failures: Failure[] = [];
  const candidates: InstanceRecord[] = [];
  for (const instance of cluster.instances.values()) {
    if (instance.status !== 'ACTIVE') continue;
    const reason = refusal(cluster, instance, request);
    if (reason === undefined) candidates.push(instance);
    else failures.push({ arn: instance.arn, reason });
  }
  const [instance] = ranked(ecs, cluster, candidates, request);
  return instance ? { instance } : { failures };
}

/** AWS's words for what is missing: the attribute first, then memory, CPU and ports. */
function refusal(
  cluster: ClusterRecord,
  instance: InstanceRecord,
  { definition, reservation, group, constraints = [] }: PlacementRequest,
): string | undefined {
  const owned = new Set(instance.attributes.map(({ name }) => name));
  if (definition.requiresAttributes?.some(({ name }) => !owned.has(name))) return 'ATTRIBUTE';
  for (const { type, expression } of [...(definition.placementConstraints ?? []), ...constraints]) {
    if (type === 'distinctInstance' && tasksOn(cluster, instance).some(({ task }) => task.group === group)) {
      return 'DistinctInstance placement constraint unsatisfied.';
    }
    if (type === 'memberOf' && !parseExpression(expression ?? '')(instance.attributes))
      return 'MemberOf placement constraint unsatisfied.';
  }
  const left = remaining(cluster, instance);
  if (left.memory < reservation.memory) return 'RESOURCE:MEMORY';
  if (left.cpu < reservation.cpu) return 'RESOURCE:CPU';
  if (reservation.ports.some((port) => left.ports.includes(port))) return 'RESOURCE:PORTS';
  return undefined;
}

/** Best first. Without a strategy: spread over Availability Zones, then over instances. */
function ranked(
  ecs: Ecs,
  cluster: ClusterRecord,
  candidates: InstanceRecord[],
  { group, strategy = [] }: PlacementRequest,
): InstanceRecord[] {
  const rules: PlacementStrategy[] = [
    ...strategy,
    { type: 'spread', field: 'attribute:ecs.availability-zone' },
    { type: 'spread', field: 'instanceId' },
  ];
  const scores = new Map(
    candidates.map((instance) => [instance, rules.map((rule) => score(ecs, cluster, instance, rule, group))]),
  );
  return candidates.sort((one, other) => {
    const difference = (scores.get(one) ?? []).map(
      (value, index) => value - (scores.get(other)?.[index] ?? 0),
    );
    return difference.find((value) => value !== 0) ?? 0;
  });
}

function score(
  ecs: Ecs,
  cluster: ClusterRecord,
  instance: InstanceRecord,
  { type, field = 'instanceId' }: PlacementStrategy,
  group: string,
): number {
  if (type === 'random') return ecs.context.random.next();
  if (type === 'binpack') {
    const left = remaining(cluster, instance);
    return field.toLowerCase() === 'cpu' ? left.cpu : left.memory;
  }
  const key = (other: InstanceRecord) =>
    field === 'instanceId' || field === 'host'
      ? other.id
      : other.attributes.find(({ name }) => `attribute:${name}` === field)?.value;
  return [...cluster.instances.values()]
    .filter((other) => key(other) === key(instance))
    .flatMap((other) => tasksOn(cluster, other))
    .filter(({ task }) => task.group === group).length;
}
