import type {
  Attribute,
  Cluster,
  Container,
  ContainerDefinition,
  CreateServiceRequest,
  LoadBalancer,
  NetworkConfiguration,
  ServiceDeployment,
  ServiceEvent,
  ServiceRevision,
  Tag,
  Task,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { ContainerExit, ContainerHandle, ContainerRuntime } from '#sandbox/containers/runtime.ts';
import type { Timer } from '#sandbox/core/clock.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { EcsNeeds, Target } from './needs.ts';
import type { ResolvedEcsOptions } from './options.ts';

/** Everything that this ECS knows. Operations and the scheduler are functions over it. */
export interface Ecs {
  readonly context: SandboxContext;
  readonly needs: EcsNeeds;
  readonly options: ResolvedEcsOptions;
  readonly runtime: ContainerRuntime;
  /** By name. */
  readonly clusters: Map<string, ClusterRecord>;
  /** By family, revision 1 first. */
  readonly taskDefinitions: Map<string, TaskDefinitionRecord[]>;
  readonly accountSettings: Map<string, string>;
  /** Tasks on their way through their lives. */
  readonly inProgress: Set<Promise<void>>;
  /** Addresses handed out to awsvpc tasks. */
  nextAddress: number;
  /** Aborted by close(): nothing is waited for any more. */
  readonly closing: AbortController;
  /** Has the service scheduler look at a service soon: something about it has changed. */
  wake(service: ServiceRecord): void;
}

export interface TaskDefinitionRecord {
  definition: TaskDefinition;
  tags: Tag[];
}

export interface ClusterRecord {
  readonly name: string;
  readonly cluster: Cluster;
  readonly instances: Map<string, InstanceRecord>;
  /** By id. */
  readonly tasks: Map<string, TaskRecord>;
  /** By name; an INACTIVE service stays describable. */
  readonly services: Map<string, ServiceRecord>;
  /** RunTask's idempotency. */
  readonly clientTokens: Map<string, { parameters: string; tasks: TaskRecord[]; at: number }>;
}

export interface InstanceRecord {
  readonly id: string;
  readonly arn: string;
  readonly ec2InstanceId: string;
  readonly cpu: number;
  readonly memory: number;
  readonly attributes: Attribute[];
  readonly registeredAt: Date;
  /** The CloudWatch group of its Docker daemon's default log driver; none: json-file. */
  readonly dockerLogGroup?: string;
  status: 'ACTIVE' | 'DRAINING';
  version: number;
  nextDynamicPort: number;
}

/** CPU units, MiB and static ports ("80/tcp") that a task takes from its instance. */
export interface Reservation {
  cpu: number;
  memory: number;
  ports: string[];
}

export interface StopRequest {
  code: NonNullable<Task['stopCode']>;
  reason: string;
  /** Let the load balancers drain first: only the service scheduler does. */
  drain?: boolean;
}

export interface TaskRecord {
  readonly id: string;
  readonly cluster: ClusterRecord;
  readonly definition: TaskDefinition;
  /** As DescribeTasks shows it; changed in place. */
  readonly task: Task;
  readonly instance?: InstanceRecord;
  readonly service?: ServiceRecord;
  readonly reservation: Reservation;
  readonly containers: ContainerRecord[];
  /** The task's own address, in awsvpc network mode. */
  readonly address?: string;
  readonly loadBalancers: LoadBalancer[];
  readonly output: { container: string; line: string }[];
  readonly createdAt: number;
  /** Ends every wait of the start once the task is to stop. */
  readonly starting: AbortController;
  readonly stopRequested: PromiseWithResolvers<StopRequest>;
  stopRequest?: StopRequest;
  registered: { loadBalancer: LoadBalancer; target: Target }[];
  /** What the service scheduler knows of it. */
  wasHealthy: boolean;
  wasRunning: boolean;
  /** Its success is in its deployment's counts. */
  counted: boolean;
  /** Its end is in its deployment's counts. */
  ended: boolean;
}

export interface ContainerRecord {
  readonly definition: ContainerDefinition;
  readonly container: Container;
  readonly started: PromiseWithResolvers<void>;
  readonly exited: PromiseWithResolvers<ContainerExit>;
  readonly healthy: PromiseWithResolvers<void>;
  readonly realPorts: { host: string; port: number }[];
  handle?: ContainerHandle;
}

/** What CreateService and UpdateService set. */
export type ServiceSettings = Omit<CreateServiceRequest, 'cluster' | 'serviceName' | 'clientToken' | 'tags'>;

export interface ServiceRecord {
  readonly name: string;
  readonly arn: string;
  readonly cluster: ClusterRecord;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly clientToken?: string;
  /** The request it was created by, for the idempotency of clientToken. */
  readonly parameters: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  settings: ServiceSettings;
  desiredCount: number;
  tags: Tag[];
  /** PRIMARY first, newest first. */
  deployments: DeploymentRecord[];
  lastCompleted?: DeploymentRecord;
  events: ServiceEvent[];
  serviceDeployments: ServiceDeployment[];
  revisions: ServiceRevision[];
  /** Since when it has been steady. */
  steadySince?: number;
  steadyAnnouncedAt?: number;
  placementFailedAt?: number;
  configurationBlockedAt?: number;
  timer?: Timer;
  nextLookAt?: number;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly definition: TaskDefinition;
  readonly createdAt: Date;
  readonly loadBalancers: LoadBalancer[];
  readonly networkConfiguration?: NetworkConfiguration;
  readonly launchType: 'EC2' | 'FARGATE';
  readonly platformVersion?: string;
  readonly revisionArn: string;
  status: 'PRIMARY' | 'ACTIVE';
  updatedAt: Date;
  /** As DescribeServices shows it: 0 until the scheduler has looked. */
  desiredCount: number;
  failedTasks: number;
  /** Consecutive tasks that never came to RUNNING: they slow down the next start. */
  failedStarts: number;
  startNotBefore: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
}
