import type { Task } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import type { Generation } from '#sandbox/simulation/load-balancers.ts';
import type { SimulatedBehaviour } from '#sandbox/simulation/targets.ts';
import { calmPath, pathTo, rolledBack } from '#test/support/paths.ts';
import { createWorld, type Ended, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';

let world: World;
/** What the containers of a release do, by its build; all others answer 200 to everything. */
const faults = new Map<number, SimulatedBehaviour>();

const begin = async (generation: Generation = 'classic', disturb?: World['scenario']['disturb']) => {
  world = await createWorld(
    {
      behave: (spec) => (isMigration(spec) ? wellBehaved(spec) : (faults.get(releaseOf(spec)) ?? {})),
      ...(disturb && { disturb }),
    },
    { generation },
  );
};

afterEach(async () => {
  faults.clear();
  await world.end();
});

const live = calmPath({ looks: 2 });

const SERVICE = { cluster: 'ecs-cluster', serviceName: 'webapp-service' };

/** Three looks fit before the deadline: at 0, 20 and 40 seconds. */
const health = (given: Partial<ServiceSettings['health']> = {}) => ({
  settings: (settings: ServiceSettings) => ({
    ...settings,
    health: { ...settings.health, path: '/ready', intervalSeconds: 20, timeoutSeconds: 30, ...given },
  }),
});
/** The load balancer's own check of / is content; a client that asks for /ready is answered this. */
const ready = (answer: number | 'slow') => ({
  answers: (path: string) => (path === '/ready' ? answer : 200),
});

const expectLive = (end: Ended, path: string[]) =>
  expect(end).toMatchObject({ message: '', status: 'SUCCEEDED', path });

async function expectUnhealthy(end: Ended, count: number, says: string) {
  expect(end).toMatchObject({
    status: 'FAILED',
    error: 'HealthCheckFailed',
    path: [...pathTo('CheckHealth', { looks: count }), ...rolledBack],
  });
  expect(end.message).toContain(says);
  expect(end.message).toContain('Rolled back: ');
  expect((await world.item()).claim).toBeUndefined();
  expect((await world.ecsService())?.taskDefinition).toMatch(/webapp:1$/);
}

describe('an answer through the load balancer', () => {
  it.each<[string, number | 'slow', string]>([
    ['of the wrong status', 500, '/ready answered 500 instead of 200'],
    ['that redirects, which is not followed', 302, '/ready answered 302 instead of 200'],
    ['that is too slow', 'slow', '/ready did not answer (no answer within 5 seconds)'],
  ])('%s fails the deployment at the deadline, and a redrive looks anew', async (_, answer, says) => {
    await begin();
    await world.deploy();
    faults.set(2, ready(answer));

    const end = await world.deploy(health());

    await expectUnhealthy(end, 3, `${says}, 30 seconds after the first look`);
    faults.clear();
    expectLive(await world.redrive(end.executionArn), calmPath({ looks: 2, resume: 'UpdateService' }));
  });

  it('that does not come at all fails it too', async () => {
    await begin();
    await world.deploy();
    const refuse = () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
    globalThis.fetch = refuse;

    const end = await world.deploy(health());

    await expectUnhealthy(end, 3, '/ready did not answer (connect ECONNREFUSED)');
  });

  it('may be a redirect where services.yml says so', async () => {
    await begin();
    faults.set(1, ready(302));

    expectLive(await world.deploy(health({ status: 302 })), live);
  });

  it('is not asked for where services.yml says so', async () => {
    await begin();
    faults.set(1, ready(500));

    expectLive(await world.deploy(health({ probe: false })), live);
  });

  it('has to be right so many times in a row: a bad one starts the count again', async () => {
    await begin();
    const answers = [200, 200, 500, 200, 200, 200];
    let asked = 0;
    faults.set(1, { answers: (path) => (path === '/ready' ? answers[asked++] : 200) });

    const end = await world.deploy(health({ consecutive: 3, intervalSeconds: 1 }));

    expectLive(end, calmPath({ looks: 6 }));
    expect(asked).toBe(6);
  });

  it('is asked for at the address that services.yml gives, where the load balancer has no name of its own', async () => {
    await begin('instance');
    const asked: string[] = [];
    const ask = globalThis.fetch;
    globalThis.fetch = (url, init) => {
      asked.push(String(url));
      return ask(url, init);
    };

    await world.deploy(health({ url: 'https://webapp.example.com/' }));

    expect(asked).toEqual(Array.from({ length: 2 }, () => 'https://webapp.example.com/ready'));
  });

  it('is not asked for where no HTTP listener leads to the service, as behind a Network Load Balancer', async () => {
    await begin('ip', async ({ operation }, perform) => {
      const answer = (await perform()) as { Listeners?: { Protocol: string }[] };
      if (operation !== 'DescribeListeners') return answer;
      return { Listeners: answer.Listeners?.map((listener) => ({ ...listener, Protocol: 'TCP' })) };
    });
    faults.set(1, ready(500));

    expectLive(await world.deploy(health()), live);
  });
});

/** The target that turns bad once the rollout has settled; within the grace period ECS does not replace its task. */
const turnsBad = (afterMilliseconds: number): SimulatedBehaviour => ({
  answers: (path, age) => (path === '/' && age > afterMilliseconds ? 500 : 200),
});
const inGrace = {
  service: (service: Record<string, unknown>) => {
    service.healthCheckGracePeriodSeconds = 3_600;
  },
};

describe('targets', () => {
  it('behind a classic load balancer have to be InService', async () => {
    await begin();
    await world.deploy(inGrace);
    faults.set(2, turnsBad(5_000));

    const end = await world.deploy(health());

    await expectUnhealthy(
      end,
      3,
      'is OutOfService (Instance has failed at least the UnhealthyThreshold number',
    );
  });

  it.each(['instance', 'ip'] as const)(
    'of the new tasks have to be healthy, whatever else is in the target group: by %s',
    async (generation) => {
      await begin(generation);
      await world.deploy(inGrace);
      // Somebody registered another healthy task, and a target where nothing listens.
      await registerStranger();
      faults.set(2, turnsBad(45_000));

      const end = await world.deploy(health({ consecutive: 5, timeoutSeconds: 50 }));

      expect(end.error).toBe('HealthCheckFailed');
      expect(end.message).toMatch(
        /target (i-\w+|10\.0\.\d+\.\d+):\d+ is unhealthy \(Target\.ResponseCodeMismatch\)/,
      );
      expect(end.path.slice(-rolledBack.length)).toEqual(rolledBack);
      faults.clear();
      expectLive(await world.redrive(end.executionArn), calmPath({ looks: 5, resume: 'UpdateService' }));
    },
  );

  /** Both stay in the target group for good: they are none of the service's. */
  async function registerStranger() {
    const { targetGroupArn: TargetGroupArn, generation } = world.simulation;
    const { services } = await world.call('ecs', 'DescribeServices', {
      cluster: 'ecs-cluster',
      services: ['webapp-service'],
    });
    const { taskDefinition, launchType, networkConfiguration } = services[0];
    const started = await world.call('ecs', 'RunTask', {
      cluster: 'ecs-cluster',
      taskDefinition,
      launchType,
      networkConfiguration,
    });
    const { taskArn } = started.tasks[0];
    const stranger: Task = await world.simulation.time.until('the stranger', async () => {
      const answer = await world.call('ecs', 'DescribeTasks', { cluster: 'ecs-cluster', tasks: [taskArn] });
      return answer.tasks[0].lastStatus === 'RUNNING' && answer.tasks[0];
    });
    const container = stranger.containers?.[0];
    const { containerInstances } =
      generation === 'ip'
        ? { containerInstances: [] }
        : await world.call('ecs', 'DescribeContainerInstances', {
            cluster: 'ecs-cluster',
            containerInstances: [stranger.containerInstanceArn],
          });
    const Id = container?.networkInterfaces?.[0]?.privateIpv4Address ?? containerInstances[0]?.ec2InstanceId;
    const Port = container?.networkBindings?.[0]?.hostPort ?? 80;
    await world.call('elasticloadbalancingv2', 'RegisterTargets', {
      TargetGroupArn,
      Targets: [
        { Id, Port },
        { Id, Port: 9 },
      ],
    });
    await world.simulation.time.pass(30);
  }

  it('are not looked for where there is no load balancer', async () => {
    await begin();

    const end = await world.deploy({
      service: (service) => {
        delete service.loadBalancers;
        delete service.role;
      },
    });

    expectLive(end, live);
  });

  it('that are gone count as bad, not as nothing to look at', async () => {
    await begin('ip');
    await world.deploy();
    const execution = await world.start(health({ consecutive: 3, intervalSeconds: 5, timeoutSeconds: 120 }));
    await world.reached(execution, 'WaitForTargets');
    const { taskArns } = await world.call('ecs', 'ListTasks', SERVICE);
    await world.call('ecs', 'StopTask', { cluster: SERVICE.cluster, task: taskArns[0] });

    const end = await world.ended(execution);

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(end.path.filter((state) => state === 'CheckHealth').length).toBeGreaterThan(4);
  });
});
