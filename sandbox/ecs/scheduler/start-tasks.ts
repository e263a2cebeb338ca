import type { Failure } from '@aws-sdk/client-ecs';
import { type Placement, place } from '../placement/place.ts';
import { reservationOf } from '../placement/reservation.ts';
import type { DeploymentRecord, Ecs, ServiceRecord, TaskRecord } from '../state.ts';
import { createTask } from '../tasks/create.ts';
import { unableToAssume, unassumableRole } from '../tasks/roles.ts';
import { countFailure, throttle } from './failures.ts';
import { placementMessage } from './placement-message.ts';
import { addServiceEvent, emitServiceAction } from './service-events.ts';
import { isStaying, tasksOf } from './tasks.ts';

/** Starts tasks of the PRIMARY deployment, as many of them as there is room for. */
export function startTasks(ecs: Ecs, service: ServiceRecord, count: number): void {
  const [primary] = service.deployments;
  if (!primary || count === 0 || ecs.context.clock.now() < primary.startNotBefore) return;
  const role = unassumableRole(ecs, primary.definition);
  if (role !== undefined) {
    failToLaunch(ecs, service, primary, unableToAssume(role));
    return;
  }
  const started: TaskRecord[] = [];
  for (let index = 0; index < count; index++) {
    const placement = placeOne(ecs, service, primary);
    if ('failures' in placement) {
      failToPlace(ecs, service, primary, placement.failures);
      break;
    }
    started.push(startOne(ecs, service, primary, placement));
  }
  if (started.length === 0) return;
  service.placementFailedAt = undefined;
  const tasks = started.map(({ id }) => `(task ${id})`).join(' ');
  addServiceEvent(ecs, service, `has started ${started.length} tasks: ${tasks}.`);
}

function placeOne(ecs: Ecs, service: ServiceRecord, { definition, launchType }: DeploymentRecord) {
  if (launchType === 'FARGATE') return { instance: undefined };
  return place(ecs, service.cluster, {
    definition,
    reservation: reservationOf(definition),
    group: `service:${service.name}`,
    constraints: service.settings.placementConstraints,
    strategy: service.settings.placementStrategy,
  });
}

function startOne(
  ecs: Ecs,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  placement: Exclude<Placement, { failures: Failure[] }> | { instance: undefined },
): TaskRecord {
  const { definition, launchType, networkConfiguration, platformVersion, loadBalancers } = deployment;
  const { settings } = service;
  return createTask(ecs, {
    cluster: service.cluster,
    definition,
    reservation: reservationOf(definition),
    launchType,
    group: `service:${service.name}`,
    instance: placement.instance,
    service,
    startedBy: deployment.id,
    networkConfiguration,
    platformVersion,
    loadBalancers,
    enableExecuteCommand: settings.enableExecuteCommand,
    tags: settings.propagateTags === 'SERVICE' ? service.tags : [],
  });
}

/** No room: said, and counted as a failed task, now and then; tried again at every look. */
function failToPlace(ecs: Ecs, service: ServiceRecord, primary: DeploymentRecord, failures: Failure[]): void {
  const now = ecs.context.clock.now();
  if (now - (service.placementFailedAt ?? 0) < ecs.options.placementRetryMilliseconds) return;
  service.placementFailedAt = now;
  const { message, failure } = placementMessage(failures);
  addServiceEvent(ecs, service, message);
  emitServiceAction(ecs, service, {
    eventType: 'ERROR',
    eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
    containerInstanceArns: failure?.arn === undefined ? [] : [failure.arn],
    reason: failure?.reason ?? 'No Container Instances were found in your cluster.',
  });
  // Room that its own leaving tasks are about to make is no failure of the deployment.
  if (tasksOf(service).every(isStaying)) primary.failedTasks++;
}

function failToLaunch(ecs: Ecs, service: ServiceRecord, primary: DeploymentRecord, error: string): void {
  primary.startNotBefore = ecs.context.clock.now() + throttle(ecs, ++primary.failedStarts);
  addServiceEvent(ecs, service, `failed to launch a task with (error ${error}).`);
  emitServiceAction(ecs, service, {
    eventType: 'ERROR',
    eventName: 'SERVICE_TASK_CONFIGURATION_FAILURE',
    reason: error,
  });
  countFailure(ecs, service, primary);
}
