import type { Properties, ResourceType } from './resource-type.ts';
import { camelCase, omit } from './shape.ts';

/** Maps whose keys are the user's: label names, log driver options. */
const OPAQUE = ['DockerLabels', 'Options', 'DriverOpts', 'Labels'];

/** AWS::ECS::Cluster. */
export const cluster: ResourceType = {
  properties: '*',
  recorded: ['Tags'],
  async create({ properties, services, generatedName }) {
    const clusterName = String(properties.ClusterName ?? generatedName(255));
    const answer = await services.call('ecs', 'CreateCluster', {
      ...(camelCase(omit(properties, ['Tags'])) as object),
      clusterName,
    });
    const remove = () => services.call('ecs', 'DeleteCluster', { cluster: clusterName });
    return { physicalId: clusterName, attributes: { Arn: answer.cluster.clusterArn }, remove };
  },
};

/** AWS::ECS::TaskDefinition. */
export const taskDefinition: ResourceType = {
  properties: '*',
  recorded: ['Tags'],
  async create({ properties, services, generatedName }) {
    const family = String(properties.Family ?? generatedName(255));
    const answer = await services.call('ecs', 'RegisterTaskDefinition', {
      ...(camelCase(omit(properties, ['Tags']), OPAQUE) as object),
      family,
    });
    const arn = answer.taskDefinition.taskDefinitionArn;
    const remove = () => services.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: arn });
    return { physicalId: arn, attributes: { TaskDefinitionArn: arn }, remove };
  },
};

/** AWS::ECS::Service. Unlike CloudFormation, the loader does not wait for the service to be stable. */
export const service: ResourceType = {
  properties: '*',
  recorded: ['Tags', 'PropagateTags', 'EnableECSManagedTags'],
  async create({ properties, services, generatedName }) {
    const serviceName = String(properties.ServiceName ?? generatedName(255));
    const { DesiredCount, ...declared } = omit(properties, service.recorded ?? []) as Properties;
    const answer = await services.call('ecs', 'CreateService', {
      ...(camelCase(declared) as object),
      serviceName,
      desiredCount: DesiredCount === undefined ? 1 : Number(DesiredCount),
    });
    const { serviceArn } = answer.service;
    const cluster = properties.Cluster;
    const remove = () => services.call('ecs', 'DeleteService', { cluster, service: serviceArn, force: true });
    return { physicalId: serviceArn, attributes: { Name: serviceName, ServiceArn: serviceArn }, remove };
  },
};
