import type {
  Attachment,
  Container,
  LoadBalancer,
  NetworkConfiguration,
  Tag,
  Task,
  TaskDefinition,
  TaskOverride,
} from '@aws-sdk/client-ecs';
import { ecsArn } from '../identifiers.ts';
import type {
  ClusterRecord,
  ContainerRecord,
  Ecs,
  InstanceRecord,
  Reservation,
  ServiceRecord,
  StopRequest,
  TaskRecord,
} from '../state.ts';
import { changed, now } from './changed.ts';
import { runTask } from './run.ts';

export interface NewTask {
  cluster: ClusterRecord;
  definition: TaskDefinition;
  reservation: Reservation;
  launchType: 'EC2' | 'FARGATE';
  group: string;
  instance?: InstanceRecord;
  service?: ServiceRecord;
  startedBy?: string;
  overrides?: TaskOverride;
  networkConfiguration?: NetworkConfiguration;
  platformVersion?: string;
  loadBalancers?: LoadBalancer[];
  enableExecuteCommand?: boolean;
  tags?: Tag[];
}

/** Makes a placed task and sends it on its way. */
export function createTask(ecs: Ecs, request: NewTask): TaskRecord {
  const id = ecs.context.random.hex(32);
  const { cluster, definition, instance, service } = request;
  const address = definition.networkMode === 'awsvpc' ? nextAddress(ecs) : undefined;
  const arn = ecsArn(ecs, `task/${cluster.name}/${id}`);
  const containers = (definition.containerDefinitions ?? []).map((container) =>
    containerRecord(ecs, cluster, arn, container),
  );
  const record: TaskRecord = {
    id,
    cluster,
    definition,
    task: newTask(ecs, request, arn, containers, address),
    instance,
    service,
    reservation: request.reservation,
    containers,
    address,
    loadBalancers: request.loadBalancers ?? [],
    output: [],
    createdAt: ecs.context.clock.now(),
    starting: new AbortController(),
    stopRequested: Promise.withResolvers<StopRequest>(),
    registered: [],
    wasHealthy: false,
    wasRunning: false,
    counted: false,
    ended: false,
  };
  cluster.tasks.set(id, record);
  forgetOldTasks(ecs, cluster);
  changed(ecs, record);
  const life = runTask(ecs, record).finally(() => ecs.inProgress.delete(life));
  ecs.inProgress.add(life);
  return record;
}

function newTask(
  ecs: Ecs,
  request: NewTask,
  taskArn: string,
  containers: ContainerRecord[],
  address: string | undefined,
): Task {
  const { cluster, definition, instance, launchType, overrides = {}, reservation } = request;
  const zone = instance?.attributes.find(({ name }) => name === 'ecs.availability-zone')?.value;
  return {
    taskArn,
    clusterArn: cluster.cluster.clusterArn,
    taskDefinitionArn: definition.taskDefinitionArn,
    containerInstanceArn: instance?.arn,
    attachments: address === undefined ? [] : [networkInterface(ecs, request.networkConfiguration, address)],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: zone ?? `${ecs.context.region}a`,
    containers: containers.map(({ container }) => container),
    cpu: String(reservation.cpu),
    memory: String(reservation.memory),
    createdAt: now(ecs),
    desiredStatus: 'RUNNING',
    lastStatus: address === undefined ? 'PENDING' : 'PROVISIONING',
    connectivity: 'CONNECTED',
    connectivityAt: now(ecs),
    enableExecuteCommand: request.enableExecuteCommand ?? false,
    group: request.group,
    healthStatus: 'UNKNOWN',
    inferenceAccelerators: [],
    launchType,
    ...(launchType === 'FARGATE' && {
      platformVersion:
        request.platformVersion === undefined ? '1.4.0' : request.platformVersion.replace('LATEST', '1.4.0'),
      platformFamily: 'Linux',
    }),
    overrides: {
      ...overrides,
      containerOverrides: containers.map(
        ({ definition: { name } }) =>
          overrides.containerOverrides?.find((override) => override.name === name) ?? { name },
      ),
      inferenceAcceleratorOverrides: [],
    },
    startedBy: request.startedBy,
    tags: request.tags ?? [],
    version: 0,
  };
}

function containerRecord(
  ecs: Ecs,
  cluster: ClusterRecord,
  taskArn: string,
  definition: ContainerRecord['definition'],
): ContainerRecord {
  const container: Container = {
    containerArn: ecsArn(
      ecs,
      `container/${cluster.name}/${taskArn.split('/').at(-1)}/${ecs.context.random.uuid()}`,
    ),
    taskArn,
    name: definition.name,
    image: definition.image,
    lastStatus: 'PENDING',
    networkInterfaces: [],
    healthStatus: 'UNKNOWN',
    cpu: String(definition.cpu ?? 0),
    ...(definition.memory !== undefined && { memory: String(definition.memory) }),
    ...(definition.memoryReservation !== undefined && {
      memoryReservation: String(definition.memoryReservation),
    }),
  };
  const record: ContainerRecord = {
    definition,
    container,
    started: Promise.withResolvers(),
    exited: Promise.withResolvers(),
    healthy: Promise.withResolvers(),
    realPorts: [],
  };
  // Nobody may be waiting for these when they fail.
  for (const { promise } of [record.started, record.healthy]) promise.catch(() => {});
  return record;
}

function nextAddress(ecs: Ecs): string {
  const number = ecs.nextAddress++;
  return `10.0.${(number >> 8) & 255}.${number & 255}`;
}

function networkInterface(
  ecs: Ecs,
  configuration: NetworkConfiguration | undefined,
  address: string,
): Attachment {
  const { random, region } = ecs.context;
  const mac = ['0a', ...Array.from({ length: 5 }, () => random.hex(2))].join(':');
  return {
    id: random.uuid(),
    type: 'ElasticNetworkInterface',
    status: 'PRECREATED',
    details: [
      { name: 'subnetId', value: configuration?.awsvpcConfiguration?.subnets?.[0] },
      { name: 'networkInterfaceId', value: `eni-${random.hex(17)}` },
      { name: 'macAddress', value: mac },
      { name: 'privateDnsName', value: `ip-${address.replaceAll('.', '-')}.${region}.compute.internal` },
      { name: 'privateIPv4Address', value: address },
    ],
  };
}

function forgetOldTasks(ecs: Ecs, cluster: ClusterRecord): void {
  const oldest = ecs.context.clock.now() - ecs.options.stoppedTaskRetentionMilliseconds;
  for (const [id, { task }] of cluster.tasks) {
    if (task.stoppedAt && task.stoppedAt.getTime() < oldest) cluster.tasks.delete(id);
  }
}
