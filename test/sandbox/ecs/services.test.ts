import { afterEach, describe, expect, it } from '@jest/globals';
import { createBalancers } from '#sandbox/balancers/balancers.ts';
import type { Behaviour } from '#sandbox/containers/scripted-runtime.ts';
import { freePort } from '#sandbox/core/ports.ts';
import { caller, closeRealities, createReality, createSimulation } from './harness.ts';

afterEach(closeRealities);

const targetGroup = { targetGroupArn: 'arn:targetgroup', containerName: 'webapp', containerPort: 80 };
const classic = { loadBalancerName: 'webapp-load-balancer', containerName: 'webapp', containerPort: 80 };
const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const container = (changes: object = {}) => ({
  name: 'webapp',
  image: 'webapp:1',
  cpu: 128,
  memory: 128,
  portMappings: [{ containerPort: 80 }],
  ...changes,
});
const release = (image: string, changes: object = {}) => ({
  containerDefinitions: [container({ image, ...changes })],
});
const staticPort = { portMappings: [{ containerPort: 80, hostPort: 80 }] };

/** A service that runs webapp:1 and is steady; images named `crash` exit, others run. */
async function steady({
  behave = ({ image }: { image: string }): Behaviour =>
    image.includes('crash') ? { exitAfterMilliseconds: 3000, exitCode: 1 } : {},
  first = release('webapp:1') as object,
  service = {} as object,
  ...options
} = {}) {
  const simulation = await createSimulation(
    ({ imageReference }) => behave({ image: imageReference }),
    options,
  );
  await simulation.register(first);
  await simulation.createService(service);
  await simulation.until(async () => (await simulation.messages())[0]?.endsWith('steady state.') ?? false);
  const update = (changes: object) => simulation.call('UpdateService', { service: 'web', ...changes });
  return { ...simulation, update };
}

const idOf = async ({ service }: { service: () => Promise<{ deployments?: { id?: string }[] }> }) =>
  (await service()).deployments?.[0]?.id as string;

describe('A rolling deployment', () => {
  it('shows desiredCount 0 at first, rolls over without a gap, and ends COMPLETED and steady', async () => {
    const simulation = await steady({ service: { desiredCount: 2, loadBalancers: [targetGroup] } });
    const { register, update, deployments, seconds, until, messages, tasks, world, eventNames, events } =
      simulation;
    world.drainMilliseconds = 5000;
    await register(release('webapp:2'));
    await update({ taskDefinition: 'webapp' });
    expect(await deployments()).toEqual([
      'PRIMARY webapp:2 0/0 IN_PROGRESS',
      'ACTIVE webapp:1 2/2 COMPLETED',
    ]);
    await seconds(1);
    expect(await deployments()).toEqual([
      'PRIMARY webapp:2 0/2 IN_PROGRESS',
      'ACTIVE webapp:1 2/2 COMPLETED',
    ]);
    await seconds(2);
    expect(await deployments()).toEqual([
      'PRIMARY webapp:2 2/2 IN_PROGRESS',
      'ACTIVE webapp:1 2/0 COMPLETED',
    ]);
    await until(async () => (await deployments()).length === 1);
    expect(await deployments()).toEqual(['PRIMARY webapp:2 2/2 COMPLETED']);
    const [one, two] = (await tasks()).map(({ taskArn }) => taskArn?.split('/').at(-1));
    const id = await idOf(simulation);
    expect((await messages()).slice(0, 9)).toEqual([
      '(service web) has reached a steady state.',
      `(service web) (deployment ${id}) deployment completed.`,
      ...Array(2).fill('(service web) deregistered 1 targets in (target-group arn:targetgroup)'),
      '(service web) has begun draining connections on 2 tasks.',
      expect.stringMatching(/^\(service web\) has stopped 2 running tasks: \(task \w+\) \(task \w+\)\.$/),
      ...Array(2).fill('(service web) registered 1 targets in (target-group arn:targetgroup)'),
      `(service web) has started 2 tasks: (task ${one}) (task ${two}).`,
    ]);
    expect(eventNames()).toEqual([
      ...['SERVICE_DEPLOYMENT_IN_PROGRESS', 'SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_STEADY_STATE'],
      ...['SERVICE_DEPLOYMENT_IN_PROGRESS', 'SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_STEADY_STATE'],
    ]);
    expect(
      events.findLast(({ detail }) => detail.eventName === 'SERVICE_DEPLOYMENT_COMPLETED'),
    ).toMatchObject({
      'detail-type': 'ECS Deployment State Change',
      resources: ['arn:aws:ecs:us-east-1:111122223333:service/default/web'],
      detail: { eventType: 'INFO', deploymentId: id, reason: `ECS deployment ${id} completed.` },
    });
  });

  it('drains an old task before it stops it, and says who initiated that', async () => {
    const { register, update, seconds, tasks, task, world, targets } = await steady({
      service: { loadBalancers: [targetGroup] },
    });
    const [old] = await tasks();
    world.drainMilliseconds = 30_000;
    await register(release('webapp:2'));
    await update({ taskDefinition: 'webapp' });
    await seconds(10);
    expect(await task(old)).toMatchObject({ lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' });
    expect([...targets.values()]).toEqual(['draining', 'initial']);
    await seconds(30);
    expect(await task(old)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Scaling activity initiated by (deployment ${old?.startedBy})`,
    });
  });

  it('counts a new task only when its target is healthy', async () => {
    const { register, update, deployments, seconds, until, world } = await steady({
      service: { loadBalancers: [targetGroup] },
    });
    world.targetHealth = () => 'initial';
    await register(release('webapp:2'));
    await update({ taskDefinition: 'webapp' });
    await seconds(120);
    expect(await deployments()).toEqual([
      'PRIMARY webapp:2 1/1 IN_PROGRESS',
      'ACTIVE webapp:1 1/1 COMPLETED',
    ]);
    world.targetHealth = () => 'healthy';
    await until(async () => (await deployments())[0] === 'PRIMARY webapp:2 1/1 COMPLETED', 5);
  });

  it('counts a task without any health check after 40 seconds of RUNNING', async () => {
    const { register, update, deployments, seconds } = await steady();
    await register(release('webapp:2'));
    await update({ taskDefinition: 'webapp' });
    await seconds(40);
    expect(await deployments()).toEqual([
      'PRIMARY webapp:2 1/1 IN_PROGRESS',
      'ACTIVE webapp:1 1/1 COMPLETED',
    ]);
    await seconds(5);
    expect(await deployments()).toEqual(['PRIMARY webapp:2 1/1 COMPLETED']);
  });

  it('is started by a new revision or by force, not by a count or a configuration', async () => {
    const simulation = await steady();
    const id = await idOf(simulation);
    await simulation.update({ desiredCount: 2, deploymentConfiguration: { maximumPercent: 150 } });
    await simulation.update({ taskDefinition: 'webapp:1' });
    expect(await idOf(simulation)).toBe(id);
    await simulation.update({ forceNewDeployment: true });
    expect(await idOf(simulation)).not.toBe(id);
  });

  it('says when its configuration allows neither a start nor a stop', async () => {
    const { register, update, seconds, messages } = await steady({
      service: { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
    });
    await register(release('webapp:2'));
    await update({ taskDefinition: 'webapp' });
    await seconds(5);
    expect((await messages())[0]).toMatch(/was unable to stop or start tasks during a deployment because of/);
  });
});

describe('A task that fails', () => {
  it('in a crash loop is restarted again and again, counted, and told; the old tasks stay', async () => {
    const { register, update, deployments, seconds, service, eventNames, tasks } = await steady();
    await register(release('webapp:crash'));
    await update({ taskDefinition: 'webapp' });
    await seconds(120);
    const [primary] = (await service()).deployments ?? [];
    expect(primary?.failedTasks).toBeGreaterThan(5);
    expect(await deployments()).toContain('ACTIVE webapp:1 1/1 COMPLETED');
    expect(eventNames()).toContain('SERVICE_TASK_START_IMPAIRED');
    expect(eventNames().filter((name) => name === 'SERVICE_DEPLOYMENT_COMPLETED')).toHaveLength(1);
    const stopped = await tasks({ startedBy: primary?.id, desiredStatus: 'STOPPED' });
    expect(stopped.every(({ stopCode }) => stopCode === 'EssentialContainerExited')).toBe(true);
    expect(stopped[0]?.containers?.[0]?.exitCode).toBe(1);
  });

  it('to pull its image is started again after longer and longer waits', async () => {
    const { register, update, seconds, service, tasks, world } = await steady();
    world.missingImages.add('webapp:missing');
    await register(release('webapp:missing'));
    await update({ taskDefinition: 'webapp' });
    await seconds(1500);
    const [primary] = (await service()).deployments ?? [];
    const stopped = await tasks({ startedBy: primary?.id, desiredStatus: 'STOPPED' });
    const minutes = stopped.map(({ createdAt }) => (createdAt as Date).getTime() / 60_000);
    const waits = minutes.slice(1).map((minute, index) => Math.round(minute - (minutes[index] as number)));
    expect(waits).toEqual([0, 4, 8]);
    expect(stopped[0]).toMatchObject({ stopCode: 'TaskFailedToStart' });
  });

  it('its health checks in the load balancer is replaced, and the reason says where', async () => {
    const { register, update, seconds, tasks, service, messages, world, deployments } = await steady({
      service: { loadBalancers: [targetGroup] },
    });
    const [old] = await tasks();
    const isOld = `i-0:${old?.containers?.[0]?.networkBindings?.[0]?.hostPort}`;
    world.targetHealth = (key) => (key.endsWith(isOld) ? 'healthy' : 'unhealthy');
    await register(release('webapp:2'));
    await update({ taskDefinition: 'webapp' });
    await seconds(20);
    const [primary] = (await service()).deployments ?? [];
    expect(primary?.failedTasks).toBeGreaterThan(1);
    const [failed] = await tasks({ startedBy: primary?.id, desiredStatus: 'STOPPED' });
    expect(failed).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed ELB health checks in (target-group arn:targetgroup)',
    });
    expect(await messages()).toContainEqual(
      expect.stringMatching(
        /^\(service web\) \(task \w+\) \(instance i-\d\) \(port \d+\) is unhealthy in \(target-group arn:targetgroup\) due to \(reason Health checks failed\)\.$/,
      ),
    );
    expect(await deployments()).toContain('ACTIVE webapp:1 1/1 COMPLETED');
  });

  it('its health checks within the grace period is left alone', async () => {
    const { tasks, seconds, world } = await steady({
      service: { loadBalancers: [targetGroup], healthCheckGracePeriodSeconds: 60 },
    });
    const [task] = await tasks();
    world.targetHealth = () => 'unhealthy';
    await seconds(30);
    expect(await tasks()).toMatchObject([{ taskArn: task?.taskArn }]);
    await seconds(60);
    expect((await tasks())[0]?.taskArn).not.toBe(task?.taskArn);
  });

  it('its container health check is replaced too', async () => {
    let well = true;
    const healthCheck = { command: ['CMD-SHELL', 'curl localhost'], interval: 5, retries: 2 };
    const { seconds, tasks } = await steady({
      behave: () => ({ healthy: () => well }),
      first: release('webapp:1', { healthCheck }),
    });
    const [first] = await tasks();
    expect(first).toMatchObject({ healthStatus: 'HEALTHY' });
    well = false;
    await seconds(120);
    expect(await tasks({ desiredStatus: 'STOPPED' })).toContainEqual(
      expect.objectContaining({ stoppedReason: 'Task failed container health checks' }),
    );
  });
});

describe('The circuit breaker', () => {
  const protectedService = {
    desiredCount: 2,
    loadBalancers: [targetGroup],
    deploymentConfiguration: breaker,
  };

  it('fails the deployment after three failures and brings the last completed one back under its own id', async () => {
    const simulation = await steady({ service: protectedService });
    const { register, update, until, deployments, service, events, messages } = simulation;
    const good = await idOf(simulation);
    await register(release('webapp:crash'));
    await update({ taskDefinition: 'webapp' });
    const bad = await idOf(simulation);
    // The crashing container runs long enough to be called healthy by the load balancer otherwise.
    simulation.world.targetHealth = () => 'initial';
    await until(async () => (await idOf(simulation)) === good);
    expect((await service()).deployments).toMatchObject([
      {
        id: good,
        status: 'PRIMARY',
        rolloutState: 'IN_PROGRESS',
        rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${good}.`,
      },
      {
        id: bad,
        status: 'ACTIVE',
        rolloutState: 'FAILED',
        rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      },
    ]);
    simulation.world.targetHealth = () => 'healthy';
    await until(async () => (await deployments()).length === 1);
    expect(await deployments()).toEqual(['PRIMARY webapp:1 2/2 COMPLETED']);
    const told = events.filter((event) => event['detail-type'] === 'ECS Deployment State Change').slice(-3);
    expect(told.map(({ detail }) => [detail.eventName, detail.deploymentId, detail.reason])).toEqual([
      ['SERVICE_DEPLOYMENT_FAILED', bad, 'ECS deployment circuit breaker: task failed to start.'],
      [
        'SERVICE_DEPLOYMENT_IN_PROGRESS',
        good,
        `ECS deployment circuit breaker: rolling back to deploymentId ${good}.`,
      ],
      ['SERVICE_DEPLOYMENT_COMPLETED', good, `ECS deployment ${good} completed.`],
    ]);
    expect(await messages()).toContain(
      `(service web) (deployment ${bad}) deployment failed: tasks failed to start.`,
    );
    expect(await simulation.call('ListServiceDeployments', { service: 'web' })).toMatchObject({
      serviceDeployments: [{ status: 'ROLLBACK_SUCCESSFUL' }, { status: 'SUCCESSFUL' }],
    });
  });

  it('stalls a service that has nothing to go back to', async () => {
    const simulation = await createSimulation(() => ({ exitAfterMilliseconds: 3000, exitCode: 1 }));
    await simulation.register(release('webapp:crash'));
    await simulation.createService({ deploymentConfiguration: breaker });
    await simulation.until(async () => (await simulation.deployments())[0]?.endsWith('FAILED') ?? false);
    const count = (await simulation.tasks({ desiredStatus: 'STOPPED' })).length;
    await simulation.seconds(600);
    expect(count).toBe(3);
    expect(await simulation.tasks({ desiredStatus: 'STOPPED' })).toHaveLength(3);
    expect(await simulation.deployments()).toEqual(['PRIMARY webapp:1 0/1 FAILED']);
    expect(await simulation.messages()).not.toContainEqual(expect.stringContaining('steady state'));
    expect(simulation.eventNames()).toContain('SERVICE_DEPLOYMENT_FAILED');
  });

  it('without rollback leaves the old tasks as they are and launches nothing', async () => {
    const simulation = await steady({
      service: { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } },
    });
    await simulation.register(release('webapp:crash'));
    await simulation.update({ taskDefinition: 'webapp' });
    await simulation.until(async () => (await simulation.deployments())[0]?.endsWith('FAILED') ?? false);
    await simulation.seconds(600);
    expect(await simulation.deployments()).toEqual([
      'PRIMARY webapp:2 0/1 FAILED',
      'ACTIVE webapp:1 1/1 COMPLETED',
    ]);
  });

  it('is refused behind a classic load balancer', async () => {
    const simulation = await createSimulation();
    await simulation.register(release('webapp:1', staticPort));
    const service = { loadBalancers: [classic], deploymentConfiguration: breaker };
    await expect(simulation.createService(service)).rejects.toThrow(
      'Deployment circuit breaker feature is not supported with Classic Load Balancers.',
    );
  });
});

describe('StopServiceDeployment', () => {
  it('rolls back to the last completed deployment', async () => {
    const simulation = await steady({ service: { loadBalancers: [targetGroup] } });
    const { register, update, call, until, deployments, seconds, world, service } = simulation;
    world.targetHealth = () => 'initial';
    await register(release('webapp:2'));
    await update({ taskDefinition: 'webapp' });
    await seconds(10);
    const serviceDeploymentArn = (await service()).currentServiceDeployment;
    await call('StopServiceDeployment', { serviceDeploymentArn });
    world.targetHealth = () => 'healthy';
    await until(async () => (await deployments()).length === 1);
    expect(await deployments()).toEqual(['PRIMARY webapp:1 1/1 COMPLETED']);
    const described = await call('DescribeServiceDeployments', {
      serviceDeploymentArns: [serviceDeploymentArn],
    });
    expect(described).toMatchObject({
      serviceDeployments: [{ status: 'ROLLBACK_SUCCESSFUL' }],
      failures: [],
    });
  });
});

describe('The classic generation of the book', () => {
  const bookService = { desiredCount: 1, loadBalancers: [classic], role: 'ecsServiceRole' };
  const seed = async (service: object) => {
    const simulation = await createSimulation();
    simulation.world.roles.add('arn:aws:iam::111122223333:role/ecsServiceRole');
    await simulation.register(release('webapp:1', staticPort));
    await simulation.createService({ ...bookService, ...service });
    await simulation.until(async () => (await simulation.messages())[0]?.endsWith('steady state.') ?? false);
    return simulation;
  };

  it('rolls over from one instance to the other, with no rollout state to read', async () => {
    const simulation = await seed({});
    await simulation.register(release('webapp:2', staticPort));
    await simulation.call('UpdateService', { service: 'web', taskDefinition: 'webapp', desiredCount: 1 });
    await simulation.until(async () => (await simulation.deployments()).length === 2);
    await simulation.until(async () => (await simulation.deployments()).length === 1);
    const service = await simulation.service();
    expect(service.deployments?.[0]).not.toHaveProperty('rolloutState');
    expect(service).toMatchObject({
      roleArn: 'arn:aws:iam::111122223333:role/ecsServiceRole',
      runningCount: 1,
      deployments: [{ runningCount: 1, desiredCount: 1 }],
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
    });
    expect(await simulation.messages()).toContain(
      '(service web) registered 1 instances in (elb webapp-load-balancer)',
    );
    expect(simulation.network.resolve('i-1', 80)).toBeDefined();
    expect(simulation.network.resolve('i-0', 80)).toBeUndefined();
  });

  it('cannot place a new task on a full cluster, says so, and keeps the old ones', async () => {
    const simulation = await seed({ desiredCount: 2 });
    await simulation.register(release('webapp:2', staticPort));
    await simulation.call('UpdateService', { service: 'web', taskDefinition: 'webapp' });
    await simulation.seconds(70);
    const failures = simulation.events.filter(
      ({ detail }) => detail.eventName === 'SERVICE_TASK_PLACEMENT_FAILURE',
    );
    expect(failures).toHaveLength(3);
    expect(failures[0]?.detail).toMatchObject({ eventType: 'ERROR', reason: 'RESOURCE:PORTS' });
    expect((await simulation.messages())[0]).toMatch(
      /^\(service web\) was unable to place a task because no container instance met all of its requirements\. The closest matching \(container-instance \w{32}\) is already using a port required by your task\. For more information, see the Troubleshooting section/,
    );
    expect(await simulation.deployments()).toEqual([
      'PRIMARY webapp:2 0/2 undefined',
      'ACTIVE webapp:1 2/2 undefined',
    ]);
  });

  it('deploys on a full cluster where the minimum leaves room: stop first, then start', async () => {
    const simulation = await seed({
      desiredCount: 2,
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
    });
    await simulation.register(release('webapp:2', staticPort));
    await simulation.call('UpdateService', { service: 'web', taskDefinition: 'webapp' });
    await simulation.until(
      async () => (await simulation.deployments()).join() === 'PRIMARY webapp:2 2/2 undefined',
    );
  });

  it('refuses a role that is not there', async () => {
    const simulation = await createSimulation();
    await simulation.register(release('webapp:1', staticPort));
    await expect(simulation.createService(bookService)).rejects.toThrow('Unable to assume role and validate');
  });
});

describe('Service operations', () => {
  it.each([
    [
      'a container that is not there',
      { ...targetGroup, containerName: 'web' },
      'The container web does not exist',
    ],
    [
      'a port that is not there',
      { ...targetGroup, containerPort: 81 },
      'did not have a container port 81 defined',
    ],
    [
      'an unknown target group',
      { ...targetGroup, targetGroupArn: 'arn:x' },
      'does not have an associated load',
    ],
    [
      'a dynamic port behind a classic load balancer',
      classic,
      'A host port mapping for the container port 80',
    ],
  ])('refuse %s', async (_, loadBalancer, message) => {
    const { register, createService } = await createSimulation();
    await register();
    await expect(createService({ loadBalancers: [loadBalancer] })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });

  it('name what is not there as ECS does', async () => {
    const { call, register } = await steady();
    await register();
    await expect(call('UpdateService', { service: 'other' })).rejects.toMatchObject({
      code: 'ServiceNotFoundException',
    });
    await expect(call('UpdateService', { service: 'web', cluster: 'x' })).rejects.toMatchObject({
      code: 'ClusterNotFoundException',
    });
    expect(await call('DescribeServices', { services: ['other'] })).toMatchObject({
      services: [],
      failures: [{ arn: 'arn:aws:ecs:us-east-1:111122223333:service/default/other', reason: 'MISSING' }],
    });
  });

  it('delete a service: DRAINING while its tasks stop, then INACTIVE, and no more updates', async () => {
    const { call, seconds, service, tasks, update } = await steady();
    await expect(call('DeleteService', { service: 'web' })).rejects.toThrow('while it is scaled above 0');
    await call('DeleteService', { service: 'web', force: true });
    expect((await service()).status).toBe('DRAINING');
    await seconds(5);
    expect((await service()).status).toBe('INACTIVE');
    expect(await tasks()).toEqual([]);
    await expect(update({ desiredCount: 1 })).rejects.toMatchObject({ code: 'ServiceNotActiveException' });
  });

  it('scale up and down, steady each time', async () => {
    const { update, until, service, messages } = await steady();
    await update({ desiredCount: 3 });
    await until(async () => (await messages()).filter((line) => line.includes('steady')).length === 2);
    expect((await service()).runningCount).toBe(3);
    await update({ desiredCount: 1 });
    await until(async () => (await messages()).filter((line) => line.includes('steady')).length === 3);
    expect((await service()).runningCount).toBe(1);
  });

  it('create one service for one client token', async () => {
    const { createService, service } = await steady({ service: { clientToken: 'once' } });
    expect(await createService({ clientToken: 'once' })).toMatchObject({
      service: { serviceArn: (await service()).serviceArn },
    });
    await expect(createService()).rejects.toThrow('Creation of service was not idempotent.');
  });
});

describe('A rollout of real processes behind a real classic load balancer', () => {
  it('answers every request, from the old version and then from the new one', async () => {
    const reality = await createReality(
      {
        'app/server.js': `require('node:http')
          .createServer((_, response) => response.end(process.env.VERSION))
          .listen(process.env.PORT, '127.0.0.1')`,
      },
      { restartMilliseconds: 100 },
    );
    const { register, createService, call, messages, deployments, until } = reality;
    reality.ecs.addInstance('default', { cpu: 1024, memory: 1024, ec2InstanceId: 'i-1' });
    const balancers = createBalancers(
      reality.context,
      { network: reality.network },
      { minimumIntervalSeconds: 0.1 },
    );
    reality.world.realBalancers = balancers;
    const port = await freePort();
    const balance = async (operation: string, request: object) =>
      balancers.definitions[0]?.operations[operation]?.(
        { LoadBalancerName: 'webapp-load-balancer', ...request },
        caller,
      );
    await balance('CreateLoadBalancer', {
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: port, InstanceProtocol: 'HTTP', InstancePort: 80 }],
      AvailabilityZones: ['us-east-1a'],
    });
    const quick = { Interval: 0.1, Timeout: 0.1, UnhealthyThreshold: 2, HealthyThreshold: 2 };
    await balance('ConfigureHealthCheck', { HealthCheck: { Target: 'HTTP:80/', ...quick } });
    const version = (value: string) =>
      release('webapp:1', {
        ...staticPort,
        command: ['node', 'server.js'],
        environment: [{ name: 'VERSION', value }],
      });

    await register(version('1'));
    await createService({ loadBalancers: [classic] });
    await until(async () => (await messages())[0]?.endsWith('steady state.') ?? false);
    await register(version('2'));
    await call('UpdateService', { service: 'web', taskDefinition: 'webapp' });
    const answers: string[] = [];
    const visit = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`);
      answers.push(`${response.status} ${await response.text()}`);
    };
    await until(async () => {
      await visit();
      return (await deployments()).join() === 'PRIMARY webapp:2 1/1 undefined';
    });
    await visit();

    expect([...new Set(answers)]).toEqual(expect.arrayContaining(['200 1', '200 2']));
    expect(new Set(answers).size).toBe(2);
    expect(answers.at(-1)).toBe('200 2');
  });
});
