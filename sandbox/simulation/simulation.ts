import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { ContainerSpec } from '#sandbox/containers/runtime.ts';
import { createScriptedRuntime } from '#sandbox/containers/scripted-runtime.ts';
import { systemClock } from '#sandbox/core/clock.ts';
import { freePort } from '#sandbox/core/ports.ts';
import { seededRandom } from '#sandbox/core/random.ts';
import type { EventsOptions } from '#sandbox/events/events.ts';
import { type Assembled, assembleSandbox } from '#sandbox/sandbox.ts';
import { deployStack } from '#sandbox/stack/deploy.ts';
import type { DisturbedCall } from '#sandbox/wire/front-door.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import type { WireRequest } from '#sandbox/wire/messages.ts';
import { INSTANCE } from '#sandbox/world.ts';
import { createFunctionRoles, type FunctionRoles } from './function-roles.ts';
import { createApplicationBalancer, createClassicBalancer, type Generation } from './load-balancers.ts';
import { portOf, type SimulatedBehaviour, simulatedProbe } from './targets.ts';
import { installVirtualTime, type VirtualTime } from './virtual-time.ts';

/** What a simulated world does to the deployments in it. All may be changed while it runs. */
export interface Scenario {
  /** What a container does; by its command, its image, or whatever the test likes. */
  behave: (spec: ContainerSpec) => SimulatedBehaviour;
  /** Around every call that a function makes to AWS: throttle, refuse, lose the answer. */
  disturb?: (call: DisturbedCall, perform: () => Promise<unknown>) => Promise<unknown>;
  /** Around every invocation of a function: crash before or after, time out. */
  invoke?: (functionKey: string, event: unknown, run: () => Promise<unknown>) => Promise<unknown>;
  /** How events travel: lost, doubled, late, reordered. */
  deliver?: EventsOptions['delivery'];
}

/** Milliseconds; what the functions' clients are made with (lib/aws/sdk/clients.ts), which do not use this transport. */
const REQUEST_TIMEOUT = 5_000;

export type Handler = (event: unknown, context: unknown) => unknown;

export interface SimulationOptions {
  /** The compiled template's text; the zips are not needed: functions run in this process. */
  template: string;
  /** The handler of a function by its key: claimService. */
  handlers: (functionKey: string) => Handler;
  scenario: Scenario;
  seed?: number;
  /** Container instances of the cluster; default: two of a t2.medium's size. */
  instances?: number;
  /** Default: classic. */
  generation?: Generation;
}

export interface Simulation extends Assembled {
  time: VirtualTime;
  scenario: Scenario;
  roles: FunctionRoles;
  loadBalancerUrl: string;
  generation: Generation;
  /** There is none behind a classic load balancer. */
  targetGroupArn?: string;
  /** The transport of SDK clients: `new ECSClient({ requestHandler })`. */
  requestHandler: ReturnType<typeof inProcessHandler>;
  /** Holds a call, in `disturb`, for so many virtual seconds; nothing else waits for it meanwhile. */
  hold(seconds: number): Promise<void>;
  /** A GET through the load balancer: what any running container answers, 503 where none does. */
  get(path: string): number | 'slow';
  end(): Promise<void>;
}

/**
 * A whole installation in virtual time: the compiled template's machine, rules, table and policies, the real
 * handlers in this process, and an ECS whose containers only behave. The same seed gives the same run.
 */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { scenario } = options;
  let underWay = 0;
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  };
  const listenerPort = await freePort();
  const time = installVirtualTime(() => underWay > 0);
  const containers = createContainers(scenario);
  const assembled = assembleSandbox({
    random: seededRandom(options.seed ?? 1),
    runtime: containers.runtime,
    balancers: { probe: simulatedProbe(containers.answerOn) },
    events: { delivery: (event, deliver) => (scenario.deliver ?? ((one, on) => on(one)))(event, deliver) },
    lambda: { runners: { inProcess: (name, role) => roles.as(role, handlerOf(name, options)) } },
    // Nobody looks at the traces of thousands of deployments.
    xray: { sample: () => false },
    door: {
      disturb(call, perform) {
        roles.enforce(call);
        return scenario.disturb?.(call, perform) ?? perform();
      },
    },
  });
  const { services, door, context } = assembled;
  const roles: FunctionRoles = createFunctionRoles(context, services);
  // What a service does counts, also for a caller that has given up.
  const counting = { handle: (request: WireRequest) => counted(() => door.handle(request)) };
  await createCluster(assembled, options.instances ?? 2);
  const generation = options.generation ?? 'classic';
  const targetGroupArn =
    generation === 'classic'
      ? await createClassicBalancer(services.calls, listenerPort)
      : await createApplicationBalancer(services.calls, listenerPort, generation);
  await deployStack(context, {
    services: services.calls,
    template: options.template,
    assetsDirectory: emptyPackages(context.directory, options.template),
    stackName: 'landfall-dev',
  });
  return {
    ...assembled,
    time,
    scenario,
    roles,
    loadBalancerUrl: `http://127.0.0.1:${listenerPort}`,
    generation,
    ...(targetGroupArn && { targetGroupArn }),
    requestHandler: inProcessHandler(counting, { requestTimeout: REQUEST_TIMEOUT }),
    async hold(seconds) {
      underWay -= 1;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      underWay += 1;
    },
    get: containers.answer,
    async end() {
      // What ends gracefully waits on the virtual clock, so time has to pass for it.
      let stopped = false;
      const stopping = assembled.stop().then(() => {
        stopped = true;
      });
      await time.until('the end of the simulation', async () => stopped);
      await stopping;
      time.uninstall();
    },
  };
}

function createContainers(scenario: Scenario) {
  const born = new WeakMap<ContainerSpec, number>();
  const runtime = createScriptedRuntime(systemClock, (spec) => {
    born.set(spec, systemClock.now());
    return scenario.behave(spec);
  });
  const answerOf = (spec: ContainerSpec, path: string) => {
    const answers = scenario.behave(spec).answers ?? (() => 200);
    return answers(path, systemClock.now() - (born.get(spec) ?? 0));
  };
  return {
    runtime,
    answerOn(port: number, path: string) {
      const spec = runtime.running().find((each) => portOf(each) === port);
      return spec === undefined ? undefined : answerOf(spec, path);
    },
    answer(path: string): number | 'slow' {
      for (const spec of runtime.running()) {
        const answer = answerOf(spec, path);
        if (answer !== undefined) return answer;
      }
      return 503;
    },
  };
}

/** `landfall-dev-claimService` → claimService */
const keyOf = (functionName: string) => functionName.split('-').at(-1) ?? functionName;

function handlerOf(functionName: string, { handlers, scenario }: SimulationOptions): Handler {
  const key = keyOf(functionName);
  const handler = handlers(key);
  return async (event, context) => {
    const run = async () => handler(event, context);
    return scenario.invoke?.(key, event, run) ?? run();
  };
}

async function createCluster({ services }: Assembled, instances: number): Promise<void> {
  const { calls, addInstance } = services;
  await calls.call('ecs', 'CreateCluster', { clusterName: 'ecs-cluster' });
  for (let count = 0; count < instances; count += 1) addInstance('ecs-cluster', INSTANCE);
  await calls.call('iam', 'CreateRole', {
    RoleName: 'ecsServiceRole',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  });
}

/** The template names a zip for each function; here none of them is opened. */
function emptyPackages(directory: string, template: string): string {
  const packages = join(directory, 'packages');
  mkdirSync(packages, { recursive: true });
  const zip = zipSync({ 'empty.mjs': new Uint8Array() });
  for (const [, name] of template.matchAll(/\/([A-Za-z]+\.zip)"/g))
    writeFileSync(join(packages, name ?? ''), zip);
  return packages;
}
