import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from './core/clock.ts';
import { type Random, systemRandom } from './core/random.ts';
import type { SandboxContext } from './core/service.ts';
import { repositoryName } from './git/git.ts';
import { createHealth } from './health.ts';
import type { PackagedApplication } from './packaging/package.ts';
import { createServices, type ServiceOptions, type Services } from './services.ts';
import { deployStack, type Stack } from './stack/deploy.ts';
import { createFrontDoor, type FrontDoor, type FrontDoorOptions } from './wire/front-door.ts';
import type { HttpHandler } from './wire/http-handler.ts';
import { createWorld, type World } from './world.ts';

export interface SandboxOptions extends ServiceOptions {
  /** The port that is tried first; 0 is any free one. */
  port?: number;
  /** What to start; it may still be being packaged. Without it the local AWS is empty. */
  application?: PackagedApplication | Promise<PackagedApplication>;
  /** Told when the application and the world are there, and its stack is deployed into it. */
  onDeploying?: () => void;
  clock?: Clock;
  random?: Random;
  door?: FrontDoorOptions;
  debug?: (message: string) => void;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, as AWS_ENDPOINT_URL takes it. */
  endpoint: string;
  region: string;
  /** The administrator's: every program of this machine may use them, web pages and other machines may not. */
  credentials: { accessKeyId: string; secretAccessKey: string };
  context: SandboxContext;
  services: Services;
  /** Present where an application was started. */
  stack?: Stack;
  world?: World;
  /** What can be pushed to: a git repository of each build project. */
  repositories?: Repository[];
  /** Ends every process, frees every port and removes every file. */
  stop(): Promise<void>;
}

export interface Repository {
  /** The build project that a push starts. */
  project: string;
  /** As git clone and git push take it. */
  url: string;
}

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';
/** The key pair that stands for the account's administrator in every sandbox. */
const ADMINISTRATOR = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The local AWS with its one door, before anything listens: a simulation calls it in this process. */
export interface Assembled {
  context: SandboxContext;
  services: Services;
  door: FrontDoor;
  /** What the door serves beside the services. */
  handlers: HttpHandler[];
  /** What every task of this machine is given in its environment; filled in when it is known. */
  taskEnvironment: Record<string, string>;
  health: ReturnType<typeof createHealth>;
  /** Listens on the preferred port or on a free one. */
  listen(port: number): Promise<string>;
  stop(): Promise<void>;
}

export function assembleSandbox(options: Omit<SandboxOptions, 'port' | 'application'>): Assembled {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-sandbox-'));
  let endpoint = 'http://127.0.0.1';
  let emit: SandboxContext['emit'] = () => undefined;
  const context: SandboxContext = {
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    accountId: ACCOUNT,
    region: REGION,
    directory,
    endpoint: () => endpoint,
    emit: (event) => emit(event),
    debug: options.debug ?? (() => undefined),
  };
  const taskEnvironment: Record<string, string> = {};
  const services = createServices(
    context,
    { ...options, ecs: { taskEnvironment: () => taskEnvironment, ...options.ecs } },
    (request) => door.verifySignature(request),
  );
  emit = services.events.putEvent;
  const health = createHealth({ region: REGION, credentials: ADMINISTRATOR });
  const handlers = [health.handler, services.git.handler, services.httpApi.handler];
  const needs = { definitions: services.definitions, iam: services.iam, handlers };
  const door: FrontDoor = createFrontDoor(context, needs, options.door);
  return {
    context,
    services,
    door,
    handlers,
    taskEnvironment,
    health,
    async listen(port) {
      endpoint = `http://127.0.0.1:${await door.listen(port)}`;
      return endpoint;
    },
    async stop() {
      await door.close();
      await services.close();
      rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Starts a local AWS, and in it, from its compiled template, the application. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { context, services, taskEnvironment, health, listen, stop } = assembleSandbox(options);
  try {
    if (options.application !== undefined) health.starts();
    const endpoint = await listen(options.port ?? 0);
    const base = { endpoint, region: REGION, credentials: ADMINISTRATOR, context, services, stop };
    if (options.application === undefined) return base;
    const started = await startApplication(context, services, options.application, options.onDeploying);
    // What the hosts of a VPC resolve by DNS, and secrets bring, on AWS.
    Object.assign(taskEnvironment, { DATABASE_URL: started.world.databaseUrl, HOST: '127.0.0.1' });
    health.serves(apiOf(started.stack));
    return { ...base, ...started };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address of the application's HTTP API, where it has one. */
function apiOf({ resources }: Stack): string | null {
  const api = Object.values(resources).find(({ type }) => type === 'AWS::ApiGatewayV2::Api');
  return api === undefined ? null : String(api.attributes.ApiEndpoint);
}

async function startApplication(
  context: SandboxContext,
  services: Services,
  application: PackagedApplication | Promise<PackagedApplication>,
  onDeploying: SandboxOptions['onDeploying'],
) {
  const [world, { template, directory }] = await Promise.all([
    createWorld({
      services: services.calls,
      addInstance: services.addInstance,
      available: services.rds.available,
    }),
    application,
  ]);
  onDeploying?.();
  const stack = await deployStack(context, {
    services: services.calls,
    template,
    assetsDirectory: directory,
    stackName: 'landfall-dev',
  });
  return { stack, world, repositories: await createRepositories(services) };
}

/** The code host that the build projects name, so that there is something to push to. */
async function createRepositories({ calls, git }: Services): Promise<Repository[]> {
  const { projects: names } = await calls.call('codebuild', 'ListProjects', {});
  if (names.length === 0) return [];
  const { projects } = await calls.call('codebuild', 'BatchGetProjects', { names });
  const repositories: Repository[] = [];
  for (const { name: project, source } of projects as { name: string; source?: { location?: string } }[]) {
    const name = repositoryName(source?.location ?? '');
    if (name !== undefined) repositories.push({ project, url: (await git.repository(name)).url });
  }
  return repositories;
}
