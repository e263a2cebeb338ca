import { activeFreezeOf, type Freeze } from '#lib/deployment/claim/freeze.ts';
import type { Holder, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import type { FailureReading } from '#lib/deployment/ending/failure.ts';
import { findRollbackTarget } from '#lib/deployment/ending/rollback.ts';
import { formatInstant } from '#lib/deployment/instant.ts';
import type { BuildObservation } from '#lib/deployment/release/build.ts';
import type { ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';
import type { TasksReading } from '#lib/deployment/rollout/service-tasks.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import type { LogReading } from './logs.ts';
import type { DeploymentRecord, Step } from './record.ts';

/** ECS keeps a hundred events of a service; the newest say what is wrong. */
const EVENTS = 10;

/** What is known of a service at one moment. */
interface ServiceReading {
  /** Of ECS; undefined where it has no such service. */
  observed: ServiceObservation | undefined;
  item: ServiceItem;
  /** The record of the deployment that began last. */
  latest: DeploymentRecord | undefined;
  tasks: TasksReading | undefined;
}

/**
 * What GET /services/{service} answers, with `tasks`, and GET /services of each, without. Times are ISO 8601; tokens and
 * documents stay inside.
 */
export function describeService(
  settings: ServiceSettings,
  { observed, item, latest, tasks }: ServiceReading,
  now: number,
) {
  const { lastKnownGood } = item;
  const rollbackTo = findRollbackTarget(item, observed?.taskDefinition);
  return {
    service: item.service,
    cluster: settings.cluster,
    ecsService: settings.service,
    running: observed === undefined ? null : describeRunning(observed, tasks),
    ...describeTurn(item, now),
    lastKnownGood:
      lastKnownGood === undefined ? null : { ...lastKnownGood, at: formatInstant(lastKnownGood.at) },
    rollbackTo: rollbackTo === undefined ? null : { ...rollbackTo, at: formatInstant(rollbackTo.at) },
    latest: latest === undefined ? null : summarizeDeployment(latest),
  };
}

/** Whose turn it is, who is next, and whether it is anybody's. */
export function describeTurn(item: ServiceItem, now: number) {
  const { claim, waiter } = item;
  const freeze = activeFreezeOf(item, now);
  return {
    claim: describeHolder(claim),
    waiter: describeHolder(waiter),
    freeze: freeze === undefined ? null : describeFreeze(freeze),
  };
}

/** Who deploys, or waits; null where there is nobody. */
export const describeHolder = (holder: Holder | undefined) =>
  holder === undefined
    ? null
    : { deployment: holder.deployment, execution: holder.owner, since: formatInstant(holder.since) };

const describeRunning = (observed: ServiceObservation, tasks?: TasksReading) => ({
  taskDefinition: observed.taskDefinition,
  desiredCount: observed.desiredCount,
  runningCount: observed.runningCount,
  deployments: observed.deployments.map((each) => ({
    ...each,
    ...(tasks === undefined ? {} : { healthyCount: tasks.healthyCounts.get(each.id) ?? null }),
  })),
  ...(tasks === undefined ? {} : { targets: tasks.targets, failedTasks: tasks.failed.map(describeFailed) }),
  events: observed.events.slice(0, EVENTS).map(({ at, message }) => ({ at: formatInstant(at), message })),
});

const describeFailed = ({ stoppedAt, ...rest }: TasksReading['failed'][number]) => ({
  ...rest,
  stoppedAt: stoppedAt === undefined ? null : formatInstant(stoppedAt),
});

export const describeFreeze = ({ reason, requestedBy, until }: Freeze) => ({
  reason,
  requestedBy,
  until: until === undefined ? null : formatInstant(until),
});

/** A deployment as the history lists it. */
export function summarizeDeployment(record: DeploymentRecord) {
  const { deployment, service, execution, status, trigger, redriveCount, digest } = record;
  const { commit, build, taskDefinition, serviceOutcome, error, startedAt, redrivenAt, endedAt } = record;
  const redriveRequestedBy = record.redriveRequestedBy?.[redriveCount];
  return {
    deployment,
    service,
    execution,
    correlationId: correlationIdOf(record),
    status,
    trigger,
    redriveCount,
    ...(redriveRequestedBy === undefined ? {} : { redriveRequestedBy }),
    startedAt: formatInstant(startedAt),
    ...(redrivenAt === undefined ? {} : { redrivenAt: formatInstant(redrivenAt) }),
    endedAt: endedAt === undefined ? null : formatInstant(endedAt),
    digest,
    ...(commit === undefined ? {} : { commit }),
    ...(build === undefined ? {} : { build }),
    ...(taskDefinition === undefined ? {} : { taskDefinition }),
    ...(serviceOutcome === undefined ? {} : { serviceOutcome }),
    ...(error === undefined ? {} : { error }),
  };
}

/** What GET /services/{service}/deployments/{deployment}/logs answers, without its cursor. */
export function describeLogs(
  { service, deployment, status }: DeploymentRecord,
  { lines, sources, isTruncated, hasMore }: LogReading,
) {
  return {
    service,
    deployment,
    status,
    lines: lines.map(({ at, taskArn, container, message }) => ({
      at: at === undefined ? null : formatInstant(at),
      task: taskIdOf(taskArn),
      container,
      message,
    })),
    sources: sources.map(({ taskArn, container, isMigration, lastStatus, stream, problem }) => ({
      task: taskIdOf(taskArn),
      container,
      migration: isMigration,
      lastStatus,
      from: lastStatus === null ? ('record' as const) : ('logs' as const),
      logGroup: stream?.logGroupName ?? null,
      logStream: stream?.logStreamName ?? null,
      problem,
    })),
    truncated: isTruncated,
    more: hasMore,
  };
}

const taskIdOf = (arn: string) => arn.split('/').at(-1) ?? arn;

/** What GET /services/{service}/deployments/{deployment} answers. */
export function describeDeployment(
  record: DeploymentRecord,
  { steps, failure }: { steps: Step[]; failure?: FailureReading | undefined },
) {
  return {
    ...summarizeDeployment(record),
    ...(record.message === undefined ? {} : { message: record.message }),
    steps: steps.map((step) => ({
      ...step,
      startedAt: formatInstant(step.startedAt),
      endedAt: step.endedAt === null ? null : formatInstant(step.endedAt),
    })),
    failure: failure === undefined ? null : describeReading(failure),
    runs: (record.runs ?? []).map((run) => ({
      ...run,
      endedAt: run.endedAt === undefined ? null : formatInstant(run.endedAt),
      failure: run.failure === undefined ? null : describeReading(run.failure),
    })),
  };
}

/** What GET /services/{service}/builds/{build} answers. */
export function describeBuild(
  service: string,
  build: BuildObservation,
  deployment: string | undefined,
  logTail: string[],
) {
  const { id, status, ref, commit, startedAt, endedAt, phases, log } = build;
  const requestedBy = build.requestedBy ?? build.initiator;
  return {
    service,
    build: id,
    correlationId: correlationIdOf({ build: id }),
    status,
    ...(ref === undefined ? {} : { ref }),
    ...(commit === undefined ? {} : { commit }),
    startedAt: formatInstant(startedAt),
    endedAt: endedAt === undefined ? null : formatInstant(endedAt),
    ...(requestedBy === undefined ? {} : { requestedBy }),
    phases: phases.map((phase) => ({
      phase: phase.phase,
      status: phase.status ?? null,
      startedAt: formatInstant(phase.startedAt),
      endedAt: phase.endedAt === undefined ? null : formatInstant(phase.endedAt),
      ...(phase.message === undefined ? {} : { message: phase.message }),
    })),
    ...(log?.address === undefined ? {} : { logs: log.address }),
    ...(logTail.length === 0 ? {} : { logTail }),
    deployment: deployment ?? null,
  };
}

const describeReading = ({ state, error, message, detail }: FailureReading) => ({
  state,
  error,
  message,
  ...detail,
});
