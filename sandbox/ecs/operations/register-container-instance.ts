import type {
  Attribute,
  RegisterContainerInstanceRequest,
  RegisterContainerInstanceResponse,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { ecsArn, getCluster } from '../identifiers.ts';
import type { ClusterRecord, Ecs, InstanceRecord } from '../state.ts';
import { agentCapabilities } from '../task-definitions/requires-attributes.ts';
import { dynamicPortStart } from '../tasks/ports.ts';
import { containerInstanceView } from '../views/container-instance.ts';

/** What the ECS agent of an EC2 instance says when it starts. */
export const registerContainerInstance =
  (ecs: Ecs) =>
  (input: RegisterContainerInstanceRequest): RegisterContainerInstanceResponse => {
    const cluster = getCluster(ecs, input.cluster);
    const total = (name: string) => input.totalResources?.find((one) => one.name === name)?.integerValue;
    const cpu = total('CPU');
    const memory = total('MEMORY');
    if (cpu === undefined || memory === undefined) {
      throw invalidParameter('totalResources must contain CPU and MEMORY.');
    }
    const document = JSON.parse(input.instanceIdentityDocument ?? '{}') as { instanceId?: string };
    const instance = addContainerInstance(ecs, cluster, {
      cpu,
      memory,
      ec2InstanceId: document.instanceId,
      attributes: input.attributes,
    });
    return { containerInstance: containerInstanceView(cluster, instance) };
  };

export interface NewInstance {
  cpu: number;
  memory: number;
  ec2InstanceId?: string;
  attributes?: Attribute[];
  /**
   * The instance's Docker daemon logs to this CloudWatch group by default: /etc/docker/daemon.json with
   * "log-driver": "awslogs", "log-opts": {"awslogs-group": …}.
   */
  dockerLogGroup?: string;
}

/** Instances are spread over three Availability Zones where they do not say their own. */
export function addContainerInstance(ecs: Ecs, cluster: ClusterRecord, request: NewInstance): InstanceRecord {
  const id = ecs.context.random.hex(32);
  const zone = `${ecs.context.region}${'abc'[cluster.instances.size % 3]}`;
  const own = request.attributes ?? [];
  const defaults: Attribute[] = [
    { name: 'ecs.availability-zone', value: zone },
    { name: 'ecs.instance-type', value: 't3.medium' },
    { name: 'ecs.os-type', value: 'linux' },
    { name: 'ecs.cpu-architecture', value: 'x86_64' },
    ...agentCapabilities.map((name) => ({ name })),
  ];
  const instance: InstanceRecord = {
    id,
    arn: ecsArn(ecs, `container-instance/${cluster.name}/${id}`),
    ec2InstanceId: request.ec2InstanceId ?? `i-${ecs.context.random.hex(17)}`,
    cpu: request.cpu,
    memory: request.memory,
    attributes: [...own, ...defaults.filter(({ name }) => !own.some((one) => one.name === name))],
    registeredAt: new Date(ecs.context.clock.now()),
    dockerLogGroup: request.dockerLogGroup,
    status: 'ACTIVE',
    version: 1,
    nextDynamicPort: dynamicPortStart,
  };
  cluster.instances.set(id, instance);
  return instance;
}
