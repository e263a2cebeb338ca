import type { Deployment, Service } from '@aws-sdk/client-ecs';
import { copy } from '#sandbox/core/copy.ts';
import { launchTypeOf } from '../scheduler/deployments.ts';
import { currentServiceDeployment } from '../scheduler/service-deployments.ts';
import { isClassic, isPending, isRunning, tasksOf } from '../scheduler/tasks.ts';
import type { DeploymentRecord, ServiceRecord } from '../state.ts';

/** A service as DescribeServices shows it, counted at this moment. */
export function serviceView(service: ServiceRecord, include: string[] = []): Service {
  const { settings, deployments, status } = service;
  const tasks = tasksOf(service);
  const fargate = launchTypeOf(service) === 'FARGATE';
  return copy({
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.cluster.clusterArn,
    status,
    desiredCount: service.desiredCount,
    runningCount: tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
    taskDefinition: settings.taskDefinition,
    loadBalancers: settings.loadBalancers ?? [],
    serviceRegistries: settings.serviceRegistries ?? [],
    ...(settings.capacityProviderStrategy?.length
      ? { capacityProviderStrategy: settings.capacityProviderStrategy }
      : { launchType: launchTypeOf(service) }),
    ...(fargate && { platformVersion: settings.platformVersion ?? 'LATEST', platformFamily: 'Linux' }),
    deploymentConfiguration: settings.deploymentConfiguration,
    deploymentController: settings.deploymentController,
    deployments:
      status === 'INACTIVE' ? [] : deployments.map((deployment) => deploymentView(service, deployment)),
    roleArn: settings.role,
    events: service.events,
    createdAt: service.createdAt,
    createdBy: service.createdBy,
    currentServiceDeployment: currentServiceDeployment(service)?.serviceDeploymentArn,
    currentServiceRevisions: deployments.map((deployment) => ({
      arn: deployment.revisionArn,
      requestedTaskCount: deployment.desiredCount,
      runningTaskCount: tasksOf(service, deployment).filter(isRunning).length,
      pendingTaskCount: tasksOf(service, deployment).filter(isPending).length,
    })),
    placementConstraints: settings.placementConstraints ?? [],
    placementStrategy: settings.placementStrategy ?? [],
    networkConfiguration: settings.networkConfiguration,
    healthCheckGracePeriodSeconds:
      settings.healthCheckGracePeriodSeconds ?? (settings.loadBalancers?.length ? 0 : undefined),
    schedulingStrategy: settings.schedulingStrategy,
    enableECSManagedTags: settings.enableECSManagedTags ?? false,
    propagateTags: settings.propagateTags ?? 'NONE',
    enableExecuteCommand: settings.enableExecuteCommand ?? false,
    availabilityZoneRebalancing: settings.availabilityZoneRebalancing,
    tags: include.includes('TAGS') ? service.tags : [],
  } satisfies Service);
}

function deploymentView(service: ServiceRecord, deployment: DeploymentRecord): Deployment {
  const tasks = tasksOf(service, deployment);
  const { rolloutState, rolloutStateReason } = deployment;
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.definition.taskDefinitionArn,
    desiredCount: deployment.desiredCount,
    pendingCount: tasks.filter(isPending).length,
    runningCount: tasks.filter(isRunning).length,
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    launchType: deployment.launchType,
    ...(deployment.launchType === 'FARGATE' && { platformVersion: '1.4.0', platformFamily: 'Linux' }),
    networkConfiguration: deployment.networkConfiguration,
    // Not returned behind a classic load balancer (API reference, Deployment).
    ...(!isClassic(service) && { rolloutState, rolloutStateReason }),
  };
}
