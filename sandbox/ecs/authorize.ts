import type { AuthorizationRequest } from '#sandbox/core/service.ts';
import { ecsArn, findTaskDefinition, nameOf } from './identifiers.ts';
import type { Ecs } from './state.ts';

/** The members of ECS requests that decide what the caller must be allowed to do. */
interface Asked {
  cluster?: string;
  clusters?: string[];
  clusterName?: string;
  service?: string;
  services?: string[];
  serviceName?: string;
  task?: string;
  tasks?: string[];
  taskDefinition?: string;
  family?: string;
  role?: string;
  taskRoleArn?: string;
  executionRoleArn?: string;
  overrides?: { taskRoleArn?: string; executionRoleArn?: string };
  containerInstance?: string;
  containerInstances?: string[];
  resourceArn?: string;
  serviceDeploymentArn?: string;
  serviceDeploymentArns?: string[];
  serviceRevisionArns?: string[];
}

/** What IAM has to allow for each operation (Service Authorization Reference, Amazon ECS). */
export function authorizeEcs(ecs: Ecs, operation: string, input: Asked): AuthorizationRequest[] {
  const cluster = nameOf(input.cluster ?? 'default');
  const clusterArn = ecsArn(ecs, `cluster/${cluster}`);
  const onCluster = { 'ecs:cluster': clusterArn };
  const under = (kind: string, names: string[]) =>
    names.map((name) => ecsArn(ecs, `${kind}/${cluster}/${nameOf(name)}`));
  const request = (
    resources: string[],
    conditions?: AuthorizationRequest['conditions'],
  ): AuthorizationRequest => ({
    action: `ecs:${operation}`,
    resources,
    ...(conditions && { conditions }),
  });
  const services = [input.service, input.serviceName, ...(input.services ?? [])].filter(
    (name) => name !== undefined,
  );
  const definition = input.taskDefinition && taskDefinitionArn(ecs, input.taskDefinition);
  switch (operation) {
    case 'RunTask':
      return [request([definition ?? '*'], onCluster), ...passRoles(ecs, input, true)];
    case 'RegisterTaskDefinition':
      return [request([ecsArn(ecs, `task-definition/${input.family}:*`)]), ...passRoles(ecs, input, false)];
    case 'CreateService':
    case 'UpdateService':
    case 'DeleteService':
    case 'DescribeServices': {
      const conditions = { ...onCluster, ...(definition && { 'ecs:task-definition': definition }) };
      return [request(under('service', services), conditions), ...passServiceRole(ecs, input)];
    }
    case 'ListServiceDeployments':
      return [request(under('service', services), onCluster)];
    case 'StopTask':
    case 'DescribeTasks':
      return [
        request(under('task', [...(input.task ? [input.task] : []), ...(input.tasks ?? [])]), onCluster),
      ];
    case 'ListTasks':
      return [request([ecsArn(ecs, `container-instance/${cluster}/*`)], onCluster)];
    case 'DescribeContainerInstances':
    case 'UpdateContainerInstancesState':
      return [request(under('container-instance', input.containerInstances ?? []), onCluster)];
    case 'ListContainerInstances':
    case 'RegisterContainerInstance':
    case 'DeleteCluster':
      return [request([clusterArn])];
    case 'DescribeClusters':
      return [request((input.clusters ?? ['default']).map((name) => ecsArn(ecs, `cluster/${nameOf(name)}`)))];
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return [request([input.resourceArn ?? '*'])];
    case 'StopServiceDeployment':
      return [request([input.serviceDeploymentArn ?? '*'], onCluster)];
    case 'DescribeServiceDeployments':
      return [request(input.serviceDeploymentArns ?? ['*'])];
    case 'DescribeServiceRevisions':
      return [request(input.serviceRevisionArns ?? ['*'])];
    default:
      // No resource-level permission: DescribeTaskDefinition, DeregisterTaskDefinition, ListServices, CreateCluster, …
      return [request(['*'], operation === 'ListServices' ? onCluster : undefined)];
  }
}

/** A family without a revision is asked for by the revision it means now. */
function taskDefinitionArn(ecs: Ecs, reference: string): string {
  const found = findTaskDefinition(ecs, reference)?.definition.taskDefinitionArn;
  return found ?? ecsArn(ecs, `task-definition/${nameOf(reference)}`);
}

/** Whoever starts or describes a task with a role has to be allowed to pass it to ECS. */
function passRoles(ecs: Ecs, input: Asked, starts: boolean): AuthorizationRequest[] {
  const definition = starts ? findTaskDefinition(ecs, input.taskDefinition ?? '')?.definition : input;
  const roles = [
    input.overrides?.taskRoleArn ?? definition?.taskRoleArn,
    input.overrides?.executionRoleArn ?? definition?.executionRoleArn,
  ].filter((role) => role !== undefined);
  return [...new Set(roles)].map((role) => passRole(role, 'ecs-tasks.amazonaws.com'));
}

function passServiceRole(ecs: Ecs, { role }: Asked): AuthorizationRequest[] {
  if (role === undefined) return [];
  const arn = role.startsWith('arn:') ? role : `arn:aws:iam::${ecs.context.accountId}:role/${role}`;
  return [passRole(arn, 'ecs.amazonaws.com')];
}

function passRole(role: string, service: string): AuthorizationRequest {
  return { action: 'iam:PassRole', resources: [role], conditions: { 'iam:passedtoservice': service } };
}
