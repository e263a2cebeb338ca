import { isDeepStrictEqual } from 'node:util';
import type { TaskDefinition, UpdateServiceRequest, UpdateServiceResponse } from '@aws-sdk/client-ecs';
import { invalidParameter, serviceNotActive } from '../errors.ts';
import { findTaskDefinition, getCluster, getRunnableTaskDefinition, getService } from '../identifiers.ts';
import { startDeployment } from '../scheduler/deployments.ts';
import { resolveDeploymentConfiguration } from '../services/validate-deployment.ts';
import { validateSettings } from '../services/validate-settings.ts';
import type { Ecs, ServiceRecord, ServiceSettings } from '../state.ts';
import { serviceView } from '../views/service.ts';

/** The parameters that start a deployment when they differ from what is (API reference, UpdateService). */
const deploying = [
  'taskDefinition',
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const satisfies (keyof ServiceSettings)[];

export const updateService =
  (ecs: Ecs) =>
  (input: UpdateServiceRequest): UpdateServiceResponse => {
    const service = getService(getCluster(ecs, input.cluster), input.service ?? '');
    if (service.status !== 'ACTIVE') throw serviceNotActive();
    if (input.deploymentController && input.deploymentController.type !== 'ECS') {
      throw invalidParameter('The deployment controller of a service cannot be changed to this one.');
    }
    const definition = definitionOf(ecs, service, input);
    const settings = merge(service, input, definition);
    validateSettings(ecs, settings, definition);
    const deploys =
      input.forceNewDeployment === true ||
      deploying.some((name) => !isDeepStrictEqual(settings[name], service.settings[name]));
    service.settings = settings;
    service.desiredCount = input.desiredCount ?? service.desiredCount;
    if (deploys) startDeployment(ecs, service, definition);
    ecs.wake(service);
    return { service: serviceView(service, ['TAGS']) };
  };

/** The revision that runs may have been deregistered since: it still counts where no other one is asked for. */
function definitionOf(
  ecs: Ecs,
  service: ServiceRecord,
  { taskDefinition }: UpdateServiceRequest,
): TaskDefinition {
  if (taskDefinition !== undefined) return getRunnableTaskDefinition(ecs, taskDefinition).definition;
  const current = findTaskDefinition(ecs, service.settings.taskDefinition ?? '');
  return (current ?? getRunnableTaskDefinition(ecs, service.settings.taskDefinition ?? '')).definition;
}

function merge(
  service: ServiceRecord,
  input: UpdateServiceRequest,
  definition: TaskDefinition,
): ServiceSettings {
  const { cluster: _, service: __, forceNewDeployment: ___, ...changes } = input;
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const merged: ServiceSettings = { ...service.settings, ...given };
  return {
    ...merged,
    taskDefinition: definition.taskDefinitionArn,
    deploymentConfiguration: input.deploymentConfiguration
      ? resolveDeploymentConfiguration(
          input.deploymentConfiguration,
          merged.loadBalancers,
          service.settings.deploymentConfiguration,
        )
      : service.settings.deploymentConfiguration,
  };
}
