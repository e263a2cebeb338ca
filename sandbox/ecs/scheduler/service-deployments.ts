import type { ServiceDeployment, ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import { digits, ecsArn } from '../identifiers.ts';
import type { DeploymentRecord, Ecs, ServiceRecord } from '../state.ts';
import { threshold } from './threshold.ts';

const open: ServiceDeploymentStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];
const kept = 100;

/** The service deployment that is under way. */
export function currentServiceDeployment(service: ServiceRecord): ServiceDeployment | undefined {
  return service.serviceDeployments.find(({ status }) => status !== undefined && open.includes(status));
}

/** A record for DescribeServiceDeployments, newest first. */
export function openServiceDeployment(ecs: Ecs, service: ServiceRecord, deployment: DeploymentRecord): void {
  const { deploymentCircuitBreaker: breaker, ...configuration } =
    service.settings.deploymentConfiguration ?? {};
  const sources = service.deployments.map(({ revisionArn: arn }) => ({ arn, requestedTaskCount: 0 }));
  service.serviceDeployments.unshift({
    serviceDeploymentArn: ecsArn(
      ecs,
      `service-deployment/${service.cluster.name}/${service.name}/${digits(ecs, 21)}`,
    ),
    serviceArn: service.arn,
    clusterArn: service.cluster.cluster.clusterArn,
    createdAt: deployment.createdAt,
    updatedAt: deployment.createdAt,
    sourceServiceRevisions: sources,
    targetServiceRevision: { arn: deployment.revisionArn, requestedTaskCount: service.desiredCount },
    status: 'PENDING',
    deploymentConfiguration: { ...configuration, ...(breaker && { deploymentCircuitBreaker: breaker }) },
    deploymentCircuitBreaker: {
      status: breaker?.enable ? 'MONITORING' : 'DISABLED',
      failureCount: 0,
      threshold: threshold(breaker, service.desiredCount),
    },
  });
  service.serviceDeployments.splice(kept);
}

export function changeServiceDeployment(
  ecs: Ecs,
  current: ServiceDeployment | undefined,
  changes: Partial<ServiceDeployment>,
): void {
  if (current) Object.assign(current, { updatedAt: new Date(ecs.context.clock.now()) }, changes);
}

export function finishServiceDeployment(
  ecs: Ecs,
  service: ServiceRecord,
  status: 'SUCCESSFUL' | 'STOPPED' | 'ROLLBACK_SUCCESSFUL' | 'ROLLBACK_FAILED',
  statusReason?: string,
): void {
  const current = currentServiceDeployment(service);
  const finishedAt = new Date(ecs.context.clock.now());
  changeServiceDeployment(ecs, current, {
    // A rollback that fails is not merely stopped.
    status: status === 'STOPPED' && current?.status === 'ROLLBACK_IN_PROGRESS' ? 'ROLLBACK_FAILED' : status,
    finishedAt,
    ...(status === 'STOPPED' && { stoppedAt: finishedAt }),
    ...(statusReason !== undefined && { statusReason }),
  });
  if (current?.deploymentCircuitBreaker?.status === 'MONITORING') {
    current.deploymentCircuitBreaker.status = 'MONITORING_COMPLETE';
  }
}

export function rollServiceDeploymentBack(ecs: Ecs, service: ServiceRecord, statusReason: string): void {
  const current = currentServiceDeployment(service);
  const startedAt = new Date(ecs.context.clock.now());
  changeServiceDeployment(ecs, current, {
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason,
    rollback: { reason: statusReason, startedAt, serviceRevisionArn: service.deployments[0]?.revisionArn },
  });
  if (current?.deploymentCircuitBreaker?.status === 'MONITORING') {
    current.deploymentCircuitBreaker.status = 'TRIGGERED';
  }
}

/** What DescribeServiceRevisions knows of a deployment. */
export function recordRevision(service: ServiceRecord, deployment: DeploymentRecord): void {
  service.revisions.push({
    serviceRevisionArn: deployment.revisionArn,
    serviceArn: service.arn,
    clusterArn: service.cluster.cluster.clusterArn,
    taskDefinition: deployment.definition.taskDefinitionArn,
    launchType: deployment.launchType,
    platformVersion: deployment.platformVersion,
    loadBalancers: deployment.loadBalancers,
    networkConfiguration: deployment.networkConfiguration,
    containerImages: (deployment.definition.containerDefinitions ?? []).map(({ name, image }) => ({
      containerName: name,
      image,
    })),
    guardDutyEnabled: false,
    createdAt: deployment.createdAt,
  });
}
