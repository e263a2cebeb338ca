import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  CreateServiceRequest,
  DescribeServicesResponse,
  DescribeTasksResponse,
  ListTasksResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  RunTaskRequest,
  RunTaskResponse,
  Service,
  Task,
} from '@aws-sdk/client-ecs';
import FakeTimers from '@sinonjs/fake-timers';
import { createProcessRuntime } from '#sandbox/containers/process-runtime.ts';
import type { ContainerRuntime, ContainerSpec } from '#sandbox/containers/runtime.ts';
import { type Behaviour, createScriptedRuntime } from '#sandbox/containers/scripted-runtime.ts';
import { type Clock, systemClock } from '#sandbox/core/clock.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { createHostNetwork } from '#sandbox/core/network.ts';
import { seededRandom } from '#sandbox/core/random.ts';
import type { AwsEvent, OperationContext, SandboxContext } from '#sandbox/core/service.ts';
import { createEcs } from '#sandbox/ecs/ecs.ts';
import type { Balancers, EcsNeeds, TargetHealth } from '#sandbox/ecs/needs.ts';
import type { EcsOptions } from '#sandbox/ecs/options.ts';

type Emitted = Pick<AwsEvent, 'source' | 'detail-type' | 'resources' | 'detail'>;

export const caller: OperationContext = {
  caller: { accountId: '111122223333', arn: 'arn:aws:iam::111122223333:user/ann', userId: 'AIDA' },
  requestId: 'request',
};

/** An ECS with in-test neighbours whose answers a test may change. */
function createHarness(
  clock: Clock,
  runtime: ContainerRuntime | undefined,
  rootfs: string,
  options: EcsOptions,
) {
  const events: Emitted[] = [];
  const network = createHostNetwork();
  const targets = new Map<string, TargetHealth>();
  const world = {
    /** What a load balancer says of a registered target. */
    targetHealth: (_key: string): TargetHealth => 'healthy',
    drainMilliseconds: 0,
    /** Stands in for the in-test load balancers. */
    realBalancers: undefined as (Balancers & { close(): Promise<void> }) | undefined,
    missingImages: new Set<string>(),
    secrets: new Map<string, string>(),
    roles: new Set<string>(),
    balancers: new Set<string>(['webapp-load-balancer', 'arn:targetgroup']),
    logs: [] as string[],
  };
  const key = (ref: object, target: { id: string; port: number }) =>
    `${Object.values(ref)[0]} ${target.id}:${target.port}`;
  const needs: EcsNeeds = {
    network,
    balancers: {
      register: (ref, target) => void targets.set(key(ref, target), 'initial'),
      deregister: async (ref, target) => {
        targets.set(key(ref, target), 'draining');
        if (world.drainMilliseconds > 0) {
          await new Promise<void>((resolve) => clock.setTimeout(resolve, world.drainMilliseconds));
        }
        targets.delete(key(ref, target));
      },
      health: (ref, target) =>
        targets.get(key(ref, target)) === 'initial' ? world.targetHealth(key(ref, target)) : 'unused',
      exists: (ref) => world.balancers.has(Object.values(ref)[0] as string),
    },
    images: {
      pull(reference) {
        if (world.missingImages.has(reference)) {
          throw new AwsError('CannotPullContainerError', `CannotPullContainerError: ${reference}: not found`);
        }
        const config = {
          environment: {},
          workingDirectory: '/app',
          entrypoint: [],
          command: ['serve'],
          exposedPorts: [],
          stopSignal: 'SIGTERM',
        };
        return { digest: 'sha256:0804', rootfs, config, sizeInBytes: 1 };
      },
    },
    logs: { write: (group, stream, message) => void world.logs.push(`${group} ${stream} ${message}`) },
    secrets: {
      resolve(valueFrom) {
        const value = world.secrets.get(valueFrom);
        if (value === undefined) throw new AwsError('ResourceNotFoundException', 'no such secret');
        return value;
      },
    },
    iam: {
      issueCredentials: (role) => ({
        accessKeyId: `ASIA ${role}`,
        secretAccessKey: 'secret',
        sessionToken: 'token',
        expiration: new Date(clock.now() + 3_600_000),
      }),
      authorizeRole: () => {},
      roleExists: (role) => world.roles.has(role),
    },
  };
  const context: SandboxContext = {
    clock,
    random: seededRandom(7),
    accountId: '111122223333',
    region: 'us-east-1',
    directory: rootfs,
    endpoint: () => 'http://127.0.0.1:4566',
    emit: (event) => void events.push(event),
    debug: () => {},
  };
  const balancers: Balancers = {
    register: (...args) => (world.realBalancers ?? needs.balancers).register(...args),
    deregister: (...args) => (world.realBalancers ?? needs.balancers).deregister(...args),
    health: (...args) => (world.realBalancers ?? needs.balancers).health(...args),
    exists: (...args) => (world.realBalancers ?? needs.balancers).exists(...args),
  };
  const ecs = createEcs(context, { ...needs, balancers, runtime }, options);
  const call = async <Output>(operation: string, input: object): Promise<Output> =>
    (await ecs.definition.operations[operation]?.(input, caller)) as Output;

  const api = {
    context,
    ecs,
    call,
    events,
    network,
    targets,
    world,
    eventNames: () => events.flatMap(({ detail }) => (detail.eventName as string | undefined) ?? []),
    register: async (definition: Partial<RegisterTaskDefinitionRequest> = {}) => {
      const container = {
        name: 'webapp',
        image: 'webapp:1',
        memory: 256,
        cpu: 256,
        portMappings: [{ containerPort: 80 }],
      };
      const request = { family: 'webapp', containerDefinitions: [container], ...definition };
      const { taskDefinition } = await call<RegisterTaskDefinitionResponse>(
        'RegisterTaskDefinition',
        request,
      );
      return taskDefinition?.taskDefinitionArn as string;
    },
    runTask: (request: Partial<RunTaskRequest> = {}) =>
      call<RunTaskResponse>('RunTask', { taskDefinition: 'webapp', ...request }),
    createService: (request: Partial<CreateServiceRequest> = {}) =>
      call('CreateService', { serviceName: 'web', taskDefinition: 'webapp', desiredCount: 1, ...request }),
    service: async () => {
      const { services } = await call<DescribeServicesResponse>('DescribeServices', { services: ['web'] });
      return services?.[0] as Service;
    },
    /** `PRIMARY webapp:2 1/2 COMPLETED`: status, revision, running of desired, rollout state. */
    deployments: async () =>
      ((await api.service()).deployments ?? []).map(
        (one) =>
          `${one.status} ${one.taskDefinition?.split('/')[1]} ${one.runningCount}/${one.desiredCount} ${one.rolloutState}`,
      ),
    messages: async () => ((await api.service()).events ?? []).map(({ message }) => message ?? ''),
    tasks: async (filter: object = {}) => {
      const { taskArns } = await call<ListTasksResponse>('ListTasks', filter);
      if (!taskArns?.length) return [];
      return (await call<DescribeTasksResponse>('DescribeTasks', { tasks: taskArns })).tasks ?? [];
    },
    task: async (task: Task | undefined) => {
      const { tasks } = await call<DescribeTasksResponse>('DescribeTasks', { tasks: [task?.taskArn] });
      return tasks?.[0] as Task;
    },
    statuses: (taskArn: string | undefined) =>
      events
        .filter((event) => event['detail-type'] === 'ECS Task State Change' && event.resources[0] === taskArn)
        .map(({ detail }) => detail.lastStatus as string),
  };
  return api;
}

/** Virtual time and scripted containers: `behave` says what a container does. */
export async function createSimulation(
  behave: (spec: ContainerSpec) => Behaviour = () => ({}),
  { instances = 2, ...options }: EcsOptions & { instances?: number } = {},
) {
  const timers = FakeTimers.createClock(Date.UTC(2026, 0, 1));
  const clock: Clock = {
    now: () => timers.Date.now(),
    setTimeout: (callback, milliseconds) => timers.setTimeout(callback, milliseconds),
    clearTimeout: (timer) => timers.clearTimeout(timer as number),
  };
  const runtime = createScriptedRuntime(clock, behave);
  const harness = createHarness(clock, runtime, '/nowhere', { pullMilliseconds: 1000, ...options });
  await harness.call('CreateCluster', {});
  for (let index = 0; index < instances; index++) {
    harness.ecs.addInstance('default', { cpu: 1024, memory: 1024, ec2InstanceId: `i-${index}` });
  }
  return {
    ...harness,
    runtime,
    now: () => clock.now(),
    seconds: (count: number) => timers.tickAsync(count * 1000),
    /** Lets virtual time pass until something holds, and fails after `limit` seconds. */
    async until(holds: () => Promise<boolean> | boolean, limit = 3600) {
      for (let second = 0; second < limit; second++) {
        if (await holds()) return;
        await timers.tickAsync(1000);
      }
      throw new Error(`Not within ${limit} seconds: ${holds}`);
    },
  };
}

/** Real time, real processes, an image made of the given executable files. */
export async function createReality(files: Record<string, string>, options: EcsOptions = {}) {
  const rootfs = mkdtempSync(join(tmpdir(), 'landfall-ecs-'));
  for (const [name, text] of Object.entries(files)) {
    const file = join(rootfs, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }
  const runtime = createProcessRuntime();
  const harness = createHarness(systemClock, runtime, rootfs, {
    tickMilliseconds: 20,
    pullMilliseconds: 0,
    stopTimeoutMilliseconds: 200,
    ...options,
  });
  const close = async () => {
    await harness.ecs.close();
    await harness.world.realBalancers?.close();
    rmSync(rootfs, { recursive: true, force: true });
  };
  opened.push(close);
  await harness.call('CreateCluster', {});
  harness.ecs.addInstance('default', { cpu: 1024, memory: 1024, ec2InstanceId: 'i-0' });
  return {
    ...harness,
    rootfs,
    async until(holds: () => Promise<boolean> | boolean) {
      const deadline = Date.now() + 10_000;
      while (!(await holds())) {
        if (Date.now() > deadline) throw new Error(`Not within ten seconds: ${holds}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    close,
  };
}

const opened: (() => Promise<void>)[] = [];

/** After each test, whatever came of it: no process and no timer is left behind. */
export async function closeRealities(): Promise<void> {
  for (const close of opened.splice(0)) await close();
}
