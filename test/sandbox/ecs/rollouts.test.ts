import { describe, expect, it } from '@jest/globals';
import { breaker, classic, idOf, release, staticPort, steady, targetGroup } from './fixtures.ts';
import { createSimulation } from './harness.ts';

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

  it('never trips on a crash loop where every RUNNING task sets the count back, as until 2022', async () => {
    const simulation = await steady({
      service: { deploymentConfiguration: breaker },
      failedTasksResetWhen: 'running',
    });
    await simulation.register(release('webapp:crash'));
    await simulation.update({ taskDefinition: 'webapp' });
    await simulation.seconds(600);
    expect(await simulation.deployments()).toContain('ACTIVE webapp:1 1/1 COMPLETED');
    expect((await simulation.deployments())[0]).toMatch(/^PRIMARY webapp:2 ./);
    expect(simulation.eventNames()).not.toContain('SERVICE_DEPLOYMENT_FAILED');
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
