import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { digits, ecsArn } from '../identifiers.ts';
import type { DeploymentRecord, Ecs, ServiceRecord } from '../state.ts';
import { finishServiceDeployment, openServiceDeployment, recordRevision } from './service-deployments.ts';
import { emitDeploymentChange } from './service-events.ts';
import { isClassic } from './tasks.ts';

/** Begins a rolling deployment of the service's present settings; what was PRIMARY becomes ACTIVE. */
export function startDeployment(
  ecs: Ecs,
  service: ServiceRecord,
  definition: TaskDefinition,
): DeploymentRecord {
  const id = `ecs-svc/${digits(ecs, 19)}`;
  const createdAt = new Date(ecs.context.clock.now());
  const { settings } = service;
  const deployment: DeploymentRecord = {
    id,
    definition,
    createdAt,
    updatedAt: createdAt,
    loadBalancers: settings.loadBalancers ?? [],
    networkConfiguration: settings.networkConfiguration,
    launchType: launchTypeOf(service),
    platformVersion: settings.platformVersion,
    revisionArn: ecsArn(ecs, `service-revision/${service.cluster.name}/${service.name}/${digits(ecs, 19)}`),
    status: 'PRIMARY',
    desiredCount: 0,
    failedTasks: 0,
    failedStarts: 0,
    startNotBefore: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
  };
  finishServiceDeployment(ecs, service, 'STOPPED', 'A newer service deployment has replaced this one.');
  recordRevision(service, deployment);
  openServiceDeployment(ecs, service, deployment);
  makePrimary(service, deployment);
  tell(ecs, service, deployment, 'SERVICE_DEPLOYMENT_IN_PROGRESS');
  ecs.wake(service);
  return deployment;
}

export function launchTypeOf({ settings }: ServiceRecord): 'EC2' | 'FARGATE' {
  const provider = settings.capacityProviderStrategy?.[0]?.capacityProvider;
  return settings.launchType === 'FARGATE' || provider?.startsWith('FARGATE') ? 'FARGATE' : 'EC2';
}

function makePrimary(service: ServiceRecord, deployment: DeploymentRecord): void {
  for (const other of service.deployments) other.status = 'ACTIVE';
  deployment.status = 'PRIMARY';
  service.deployments = [deployment, ...service.deployments.filter((other) => other !== deployment)];
  service.steadySince = undefined;
  service.placementFailedAt = undefined;
  service.configurationBlockedAt = undefined;
}

/** Deployment State Change events; none behind a classic load balancer, which has no rollout state (inferred). */
export function tell(
  ecs: Ecs,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  eventName: Parameters<typeof emitDeploymentChange>[3],
  reason = deployment.rolloutStateReason,
): void {
  if (!isClassic(service)) emitDeploymentChange(ecs, service, deployment.id, eventName, reason);
}

/**
 * Goes back to the latest completed deployment: it becomes PRIMARY again under its own id (recorded behaviour),
 * the one that failed stays in sight as ACTIVE and FAILED until then. False when there is none to go back to.
 */
export function rollBack(ecs: Ecs, service: ServiceRecord, why: string): boolean {
  const target = service.lastCompleted;
  const [failed] = service.deployments;
  if (!target || target === failed) return false;
  service.settings = {
    ...service.settings,
    taskDefinition: target.definition.taskDefinitionArn,
    loadBalancers: target.loadBalancers,
    networkConfiguration: target.networkConfiguration,
    platformVersion: target.platformVersion,
  };
  Object.assign(target, {
    desiredCount: 0,
    failedTasks: 0,
    failedStarts: 0,
    startNotBefore: 0,
    updatedAt: new Date(ecs.context.clock.now()),
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `${why}: rolling back to deploymentId ${target.id}.`,
  });
  makePrimary(service, target);
  tell(ecs, service, target, 'SERVICE_DEPLOYMENT_IN_PROGRESS');
  ecs.wake(service);
  return true;
}
