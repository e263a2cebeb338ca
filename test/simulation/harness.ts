import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { configureClients } from '#lib/aws/sdk/clients.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { documentOfBuild } from '#lib/deployment/release/build.ts';
import type { ServiceSettings, Services } from '#lib/deployment/settings.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { readServices } from '#lib/operations/configuration.ts';
import type { ContainerSpec } from '#sandbox/containers/runtime.ts';
import type { Generation } from '#sandbox/simulation/load-balancers.ts';
import {
  type Handler,
  type Scenario,
  type Simulation,
  startSimulation,
} from '#sandbox/simulation/simulation.ts';
import type { SimulatedBehaviour } from '#sandbox/simulation/targets.ts';
import { pathOf } from '#test/support/paths.ts';
import { modernize, type ServiceFile, type TaskDefinitionFile } from './generations.ts';

/**
 * Whole deployments in virtual time: the real machine from the compiled template, the real handlers, every service of
 * the sandbox; only containers, their HTTP answers and the clock are simulated. A deployment takes milliseconds.
 */
export interface World {
  simulation: Simulation;
  scenario: Scenario;
  call: Simulation['services']['calls']['call'];
  /** Makes a release (image, bundle) and starts its deployment; returns the execution's ARN. */
  start(release?: ReleaseOptions): Promise<string>;
  /** The same, and waits for its end. */
  deploy(release?: ReleaseOptions): Promise<Ended>;
  /** Passes time until the execution has ended. */
  ended(executionArn: string, seconds?: number): Promise<Ended>;
  /** Passes time until the execution is in this state. */
  reached(executionArn: string, state: string): Promise<void>;
  /** Redrives and waits for the end; `path` then holds only what came after the redrive. */
  redrive(executionArn: string): Promise<Ended>;
  stopExecution(executionArn: string): Promise<void>;
  /** The service's item: claim, waiter, freeze, last known good. */
  item(): Promise<ServiceState>;
  /** Changes the service's item as an operator's request would. */
  putItem(change: (item: Record<string, unknown>) => Record<string, unknown>): Promise<void>;
  /** The service as ECS shows it; undefined before its first deployment. */
  ecsService(): Promise<
    { taskDefinition: string; runningCount: number; deployments: { id: string }[] } | undefined
  >;
  /** Tasks by what they were started for. */
  migrations(): Promise<{ taskArn: string; lastStatus: string; stoppedReason?: string }[]>;
  end(): Promise<void>;
}

export interface ReleaseOptions {
  /** Rises by itself; lower it to make builds finish out of order. */
  build?: number;
  commit?: string;
  /** When the build began, in epoch milliseconds; by default after all that happens in the simulation. */
  builtAt?: number;
  settings?: (settings: ServiceSettings) => ServiceSettings;
  document?: (document: DeploymentDocument) => DeploymentDocument;
  /** Changes the task definition template of the bundle. */
  taskDefinition?: (template: TaskDefinitionFile) => void;
  service?: (template: ServiceFile) => void;
}

export interface ServiceState {
  claim?: { owner: string; deployment: string };
  waiter?: { owner: string; deployment: string };
  lastKnownGood?: { deployment: string; taskDefinition: string };
  freeze?: unknown;
  fence?: number;
}

export interface Ended {
  executionArn: string;
  status: string;
  error?: string;
  /** HaltDeployment's message, as a person reads it. */
  message: string;
  path: string[];
  events: HistoryEvent[];
}

/** Builds begin in the order of their numbers, and after every rollback that a test asks for. */
export const BUILDS_BEGIN = Date.UTC(2030, 0, 1);

const NAME = 'landfall-dev';
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';
const STATE_MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${NAME}`;
const APPLICATION = join('examples', 'webapp', 'ecs');

/** What serverless.yml sets, for all functions together: they share this process. */
const ENVIRONMENT = {
  AWS_REGION: REGION,
  AWS_ENDPOINT_URL: 'http://127.0.0.1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  TABLE_NAME: NAME,
  STATE_MACHINE_ARN: STATE_MACHINE,
  STAGE: 'dev',
  TOPIC_ARN: `arn:aws:sns:${REGION}:${ACCOUNT}:${NAME}`,
  CHAT_TOPIC_ARN: `arn:aws:sns:${REGION}:${ACCOUNT}:${NAME}-chat`,
  PROJECT_PREFIX: `${NAME}-`,
  REGISTRY: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`,
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
};

/** The simulation that the handlers of this process talk to: modules are loaded once, simulations come and go. */
let current: Simulation | undefined;

let compiled: string | undefined;

/** Read once: all worlds of a test file are of one packaging, also when another one begins meanwhile. */
const template = () => {
  compiled ??= readFileSync(join('.serverless', 'cloudformation-template-update-stack.json'), 'utf8');
  return compiled;
};

/** services.yml, read once: parsing it takes longer than many a step of a deployment. */
let configured: Services | undefined;

let loading: Promise<Map<string, Handler>> | undefined;

function loadHandlers(): Promise<Map<string, Handler>> {
  loading ??= (async () => {
    Object.assign(process.env, ENVIRONMENT);
    const requestHandler = {
      handle: (request: never, extra: never) => {
        if (current === undefined) throw new Error('No simulation is running');
        return current.requestHandler.handle(request, extra);
      },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
      destroy: () => undefined,
    };
    configureClients({ requestHandler });
    const handlers = new Map<string, Handler>();
    for (const resource of Object.values<{
      Type: string;
      Properties: { FunctionName: string; Handler: string };
    }>(JSON.parse(template()).Resources)) {
      if (resource.Type !== 'AWS::Lambda::Function') continue;
      const { FunctionName, Handler: handler } = resource.Properties;
      const module = await import(`../../${handler.replace('.handler', '.ts')}`);
      handlers.set(FunctionName.replace(`${NAME}-`, ''), module.handler);
    }
    return handlers;
  })();
  return loading;
}

/** A container that migrates in a second, or serves until it is stopped and answers 200. */
export const wellBehaved = (spec: ContainerSpec): SimulatedBehaviour =>
  isMigration(spec) ? { exitAfterMilliseconds: 1_000, exitCode: 0 } : {};

export const isMigration = (spec: ContainerSpec) => spec.command.join(' ').includes('migrate');

/** Tells a release's containers apart: `releaseOf(spec) === 2` is what the second build made. */
export const releaseOf = (spec: ContainerSpec) => Number(spec.image.config.environment.BUILD);

export async function createWorld(
  scenario: Partial<Scenario> = {},
  options: { instances?: number; seed?: number; generation?: Generation } = {},
): Promise<World> {
  const handlers = await loadHandlers();
  const state: Scenario = { behave: wellBehaved, ...scenario };
  const simulation = await startSimulation({
    ...options,
    template: template(),
    handlers: (key) => handlers.get(key) ?? (() => Promise.reject(new Error(`No function ${key}`))),
    scenario: state,
  });
  current = simulation;
  const realFetch = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    const status = simulation.get(new URL(String(url)).pathname);
    // What a client that follows redirects would be told in the end.
    if (status !== 'slow' && status >= 300 && status < 400 && init?.redirect !== 'manual')
      return new Response('', { status: 200 });
    if (status === 'slow')
      throw Object.assign(new Error('The operation was aborted due to timeout'), { name: 'TimeoutError' });
    return new Response('', { status });
  };
  const { calls } = simulation.services;
  const { call } = calls;
  const { time } = simulation;
  let builds = 0;

  const describe = (executionArn: string) => call('states', 'DescribeExecution', { executionArn });
  const history = async (executionArn: string): Promise<HistoryEvent[]> => {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000, nextToken });
      events.push(...page.events);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return events;
  };

  const world: World = {
    simulation,
    scenario: state,
    call,
    async start(release = {}) {
      builds = Math.max(builds + 1, release.build ?? 0);
      const document = await makeRelease(simulation, { build: builds, ...release });
      const { executionArn } = await call('states', 'StartExecution', {
        stateMachineArn: STATE_MACHINE,
        name: document.deployment,
        input: JSON.stringify(document),
      });
      return executionArn;
    },
    async deploy(release) {
      return world.ended(await world.start(release));
    },
    async ended(executionArn, seconds = 7200) {
      const execution = await time.until(
        `the end of ${executionArn}`,
        async () => {
          const described = await describe(executionArn);
          return described.status === 'RUNNING' ? undefined : described;
        },
        seconds,
      );
      // Whoever hears of the end (execution-ended, notifications) has its say before the test looks.
      await time.settle();
      const events = await history(executionArn);
      const since = events.findLastIndex((event) => event.type === 'ExecutionRedriven') + 1;
      return {
        executionArn,
        status: execution.status,
        error: execution.error,
        message: messageOf(execution.cause),
        events,
        path: pathOf(events.slice(since)),
      };
    },
    async reached(executionArn, name) {
      await time.until(`${name} of ${executionArn}`, async () => {
        const entered = pathOf(await history(executionArn)).at(-1);
        return entered === name;
      });
    },
    async redrive(executionArn) {
      await call('states', 'RedriveExecution', { executionArn });
      return world.ended(executionArn);
    },
    async stopExecution(executionArn) {
      await call('states', 'StopExecution', { executionArn });
      await time.settle();
    },
    item: async () => (await readItem(call)) as ServiceState,
    async putItem(change) {
      const { marshall } = await import('@aws-sdk/util-dynamodb');
      const item = change({
        pk: 'SERVICE#webapp',
        sk: 'STATE',
        service: 'webapp',
        version: 0,
        fence: 0,
        ...(await readItem(call)),
      });
      const Item = marshall({ ...item, version: Number(item.version) + 1 }, { removeUndefinedValues: true });
      await call('dynamodb', 'PutItem', { TableName: NAME, Item });
    },
    async ecsService() {
      const { services } = await call('ecs', 'DescribeServices', {
        cluster: 'ecs-cluster',
        services: ['webapp-service'],
      });
      return services[0];
    },
    async migrations() {
      const found = [];
      for (const desiredStatus of ['RUNNING', 'STOPPED']) {
        const { taskArns } = await call('ecs', 'ListTasks', {
          cluster: 'ecs-cluster',
          desiredStatus,
          family: 'webapp',
        });
        if (taskArns.length === 0) continue;
        const { tasks } = await call('ecs', 'DescribeTasks', { cluster: 'ecs-cluster', tasks: taskArns });
        found.push(
          ...tasks.filter((task: { startedBy?: string }) => task.startedBy?.startsWith('landfall/')),
        );
      }
      return found;
    },
    async end() {
      globalThis.fetch = realFetch;
      await simulation.end();
      current = undefined;
    },
  };
  return world;
}

async function readItem(call: World['call']): Promise<Record<string, unknown>> {
  const { unmarshall } = await import('@aws-sdk/util-dynamodb');
  const { Item } = await call('dynamodb', 'GetItem', {
    TableName: NAME,
    Key: { pk: { S: 'SERVICE#webapp' }, sk: { S: 'STATE' } },
    ConsistentRead: true,
  });
  return Item === undefined ? {} : unmarshall(Item);
}

function messageOf(cause: string | undefined): string {
  try {
    return JSON.parse(cause ?? '').errorMessage;
  } catch {
    return cause ?? '';
  }
}

/** What a build leaves: the image in ECR, release.json and the application's ecs/ folder in S3. */
async function makeRelease(
  simulation: Simulation,
  options: ReleaseOptions & { build: number },
): Promise<DeploymentDocument> {
  const { services, context } = simulation;
  const { build } = options;
  const commit = options.commit ?? build.toString(16).padStart(40, 'c');
  const folder = join(context.directory, `image-${build}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'build'), String(build));
  const repository = `${ENVIRONMENT.REGISTRY}/webapp`;
  const image = services.images.add(`${repository}:${commit}`, folder, {
    Env: [`BUILD=${build}`],
    WorkingDir: '/',
    Entrypoint: [],
    Cmd: ['serve'],
    ExposedPorts: { '80/tcp': {} },
  });

  const { Buckets } = await services.calls.call('s3', 'ListBuckets', {});
  const bucket = Buckets.map((each: { Name: string }) => each.Name).find((name: string) =>
    name.toLowerCase().includes('artifacts'),
  );
  const prefix = `webapp/${build}/bundle`;
  const put = (name: string, content: unknown) =>
    services.calls.call('s3', 'PutObject', {
      Bucket: bucket,
      Key: `${prefix}/${name}`,
      Body: Buffer.from(JSON.stringify(content)),
    });
  const taskDefinition = JSON.parse(
    readFileSync(join(APPLICATION, 'task-definitions', 'webapp.json'), 'utf8'),
  );
  const service = JSON.parse(readFileSync(join(APPLICATION, 'services', 'webapp-service.json'), 'utf8'));
  const { generation, targetGroupArn } = simulation;
  if (targetGroupArn !== undefined) modernize(generation, targetGroupArn, taskDefinition, service);
  options.taskDefinition?.(taskDefinition);
  options.service?.(service);
  await put('ecs/task-definitions/webapp.json', taskDefinition);
  await put('ecs/services/webapp-service.json', service);
  await put(
    'ecs/task-definitions/migrate-overrides.json',
    JSON.parse(readFileSync(join(APPLICATION, 'task-definitions', 'migrate-overrides.json'), 'utf8')),
  );

  const file = {
    service: 'webapp',
    image: `${repository}:${commit}`,
    digest: image.digest,
    commit,
    branch: 'main',
    author: 'Ann',
    message: `Build ${build}`,
  };
  await put('release.json', file);

  configured ??= readServices();
  const settings = settingsOf(configured, 'webapp');
  const document = documentOfBuild(
    'webapp',
    options.settings?.(structuredClone(settings)) ?? settings,
    { id: `${NAME}-webapp:${build}`, number: build, startedAt: options.builtAt ?? BUILDS_BEGIN + build },
    { bucket, prefix },
    file,
  );
  return options.document?.(document) ?? document;
}
