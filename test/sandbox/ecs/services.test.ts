import { describe, expect, it } from '@jest/globals';
import { classic, release, staticPort, steady, targetGroup } from './fixtures.ts';
import { createSimulation } from './harness.ts';

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

  it('drain an instance: its tasks move to another one, the new ones first', async () => {
    const { call, until, tasks, service } = await steady({ service: { loadBalancers: [targetGroup] } });
    const [old] = await tasks();
    await call('UpdateContainerInstancesState', {
      containerInstances: [old?.containerInstanceArn],
      status: 'DRAINING',
    });
    await until(async () => (await tasks()).length === 2, 10);
    await until(async () => (await tasks()).length === 1, 10);
    expect((await tasks())[0]?.containerInstanceArn).not.toBe(old?.containerInstanceArn);
    expect((await service()).deployments).toHaveLength(1);
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
