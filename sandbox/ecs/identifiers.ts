import { arn } from '#sandbox/core/arn.ts';
import { clientException, clusterNotFound, serviceNotFound } from './errors.ts';
import type { ClusterRecord, Ecs, ServiceRecord, TaskDefinitionRecord, TaskRecord } from './state.ts';

/** The last part of an ARN, or the name itself: clusters, services, tasks and instances may be named either way. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/').at(-1) ?? '') : nameOrArn;
}

export function ecsArn(ecs: Ecs, resource: string): string {
  return arn(ecs.context, 'ecs', resource);
}

export function findCluster(ecs: Ecs, nameOrArn = 'default'): ClusterRecord | undefined {
  return ecs.clusters.get(nameOf(nameOrArn));
}

export function getCluster(ecs: Ecs, nameOrArn?: string): ClusterRecord {
  const cluster = findCluster(ecs, nameOrArn);
  if (cluster?.cluster.status !== 'ACTIVE') throw clusterNotFound();
  return cluster;
}

export function getService(cluster: ClusterRecord, nameOrArn: string): ServiceRecord {
  const service = cluster.services.get(nameOf(nameOrArn));
  if (!service) throw serviceNotFound();
  return service;
}

/** Stopped tasks are forgotten after an hour, new ones may take a moment to be seen. */
export function findTask(ecs: Ecs, cluster: ClusterRecord, idOrArn: string): TaskRecord | undefined {
  const record = cluster.tasks.get(nameOf(idOrArn));
  return record && isVisible(ecs, record) ? record : undefined;
}

export function isVisible(ecs: Ecs, record: TaskRecord): boolean {
  const now = ecs.context.clock.now();
  const stoppedAt = record.task.stoppedAt?.getTime();
  if (stoppedAt !== undefined && now - stoppedAt > ecs.options.stoppedTaskRetentionMilliseconds) return false;
  return now - record.createdAt >= ecs.options.consistencyMilliseconds;
}

/** FAMILY (its latest ACTIVE revision), FAMILY:REVISION or an ARN. */
export function findTaskDefinition(ecs: Ecs, reference: string): TaskDefinitionRecord | undefined {
  const [family = '', revision] = nameOf(reference).split(':');
  const revisions = ecs.taskDefinitions.get(family) ?? [];
  if (revision === undefined) return revisions.findLast(({ definition }) => definition.status === 'ACTIVE');
  return revisions.find(({ definition }) => String(definition.revision) === revision);
}

/** The one to start tasks from. */
export function getRunnableTaskDefinition(ecs: Ecs, reference: string): TaskDefinitionRecord {
  const record = findTaskDefinition(ecs, reference);
  if (!record) throw clientException('TaskDefinition not found.');
  if (record.definition.status !== 'ACTIVE') throw clientException('TaskDefinition is inactive');
  return record;
}

/** `ecs-svc/` and 19 digits, as AWS writes deployment ids. */
export function digits(ecs: Ecs, length: number): string {
  const digit = (first: boolean) =>
    Math.floor(ecs.context.random.next() * (first ? 9 : 10)) + (first ? 1 : 0);
  return Array.from({ length }, (_, index) => digit(index === 0)).join('');
}
