import type { Operation } from '#sandbox/core/service.ts';
import type { Ecs } from '../state.ts';
import { listAccountSettings, putAccountSetting } from './account-settings.ts';
import { createCluster } from './create-cluster.ts';
import { createService } from './create-service.ts';
import { deleteCluster } from './delete-cluster.ts';
import { deleteService } from './delete-service.ts';
import { deregisterTaskDefinition } from './deregister-task-definition.ts';
import { describeClusters } from './describe-clusters.ts';
import { describeContainerInstances } from './describe-container-instances.ts';
import { describeServiceDeployments } from './describe-service-deployments.ts';
import { describeServiceRevisions } from './describe-service-revisions.ts';
import { describeServices } from './describe-services.ts';
import { describeTaskDefinition } from './describe-task-definition.ts';
import { describeTasks } from './describe-tasks.ts';
import { listClusters } from './list-clusters.ts';
import { listContainerInstances } from './list-container-instances.ts';
import { listServiceDeployments } from './list-service-deployments.ts';
import { listServices } from './list-services.ts';
import { listTaskDefinitionFamilies } from './list-task-definition-families.ts';
import { listTaskDefinitions } from './list-task-definitions.ts';
import { listTasks } from './list-tasks.ts';
import { registerContainerInstance } from './register-container-instance.ts';
import { registerTaskDefinition } from './register-task-definition.ts';
import { runTask } from './run-task.ts';
import { stopServiceDeployment } from './stop-service-deployment.ts';
import { stopTask } from './stop-task.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { updateContainerInstancesState } from './update-container-instances-state.ts';
import { updateService } from './update-service.ts';

/** The operations of this ECS, by the API's names. */
export function operationsOf(ecs: Ecs): Record<string, Operation> {
  return {
    CreateCluster: createCluster(ecs),
    CreateService: createService(ecs),
    DeleteCluster: deleteCluster(ecs),
    DeleteService: deleteService(ecs),
    DeregisterTaskDefinition: deregisterTaskDefinition(ecs),
    DescribeClusters: describeClusters(ecs),
    DescribeContainerInstances: describeContainerInstances(ecs),
    DescribeServiceDeployments: describeServiceDeployments(ecs),
    DescribeServiceRevisions: describeServiceRevisions(ecs),
    DescribeServices: describeServices(ecs),
    DescribeTaskDefinition: describeTaskDefinition(ecs),
    DescribeTasks: describeTasks(ecs),
    ListAccountSettings: listAccountSettings(ecs),
    ListClusters: listClusters(ecs),
    ListContainerInstances: listContainerInstances(ecs),
    ListServiceDeployments: listServiceDeployments(ecs),
    ListServices: listServices(ecs),
    ListTagsForResource: listTagsForResource(ecs),
    ListTaskDefinitionFamilies: listTaskDefinitionFamilies(ecs),
    ListTaskDefinitions: listTaskDefinitions(ecs),
    ListTasks: listTasks(ecs),
    PutAccountSetting: putAccountSetting(ecs),
    PutAccountSettingDefault: putAccountSetting(ecs),
    RegisterContainerInstance: registerContainerInstance(ecs),
    RegisterTaskDefinition: registerTaskDefinition(ecs),
    RunTask: runTask(ecs),
    StopServiceDeployment: stopServiceDeployment(ecs),
    StopTask: stopTask(ecs),
    TagResource: tagResource(ecs),
    UntagResource: untagResource(ecs),
    UpdateContainerInstancesState: updateContainerInstancesState(ecs),
    UpdateService: updateService(ecs),
  };
}
