import { describe, expect, it } from '@jest/globals';
import { createSimulation } from './harness.ts';

const container = (changes: object = {}) => ({
  name: 'webapp',
  image: 'webapp:1',
  cpu: 256,
  memory: 256,
  ...changes,
});

describe('RegisterTaskDefinition', () => {
  it('numbers the revisions of a family and fills in what AWS fills in', async () => {
    const { call, register } = await createSimulation();
    await register();
    const arn = await register();
    expect(arn).toBe('arn:aws:ecs:us-east-1:111122223333:task-definition/webapp:2');
    expect(await call('DescribeTaskDefinition', { taskDefinition: 'webapp' })).toMatchObject({
      taskDefinition: {
        revision: 2,
        status: 'ACTIVE',
        volumes: [],
        compatibilities: ['EXTERNAL', 'EC2'],
        registeredBy: 'arn:aws:iam::111122223333:user/ann',
        containerDefinitions: [
          {
            essential: true,
            environment: [],
            mountPoints: [],
            volumesFrom: [],
            portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }],
          },
        ],
      },
    });
  });

  it.each([
    ['a container without a memory limit', [container({ memory: undefined })], /At least one of 'memory' or/],
    ['two containers of one name', [container(), container()], /unique/],
    ['a container without an image', [container({ image: undefined })], /Container.image/],
    [
      'secrets without an execution role',
      [container({ secrets: [{ name: 'A', valueFrom: 'b' }] })],
      /executionRoleArn/,
    ],
  ])('refuses %s', async (_, containerDefinitions, message) => {
    const { register } = await createSimulation();
    await expect(register({ containerDefinitions })).rejects.toMatchObject({
      code: 'ClientException',
      message: expect.stringMatching(message),
    });
  });

  it('refuses Fargate sizes that do not exist', async () => {
    const { register } = await createSimulation();
    const fargate = {
      requiresCompatibilities: ['FARGATE' as const],
      networkMode: 'awsvpc' as const,
      cpu: '256',
    };
    await expect(register({ ...fargate, memory: '4096' })).rejects.toThrow(
      'No Fargate configuration exists for given values: 256 CPU, 4096 memory.',
    );
  });
});

describe('A task', () => {
  it('goes through the lifecycle, with a version and an event for every step', async () => {
    const { register, runTask, task, seconds, statuses, events } = await createSimulation();
    await register();
    const { tasks, failures } = await runTask({ startedBy: 'release-1' });
    await seconds(2);
    const running = await task(tasks?.[0]);
    expect(failures).toEqual([]);
    expect(running).toMatchObject({
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      group: 'family:webapp',
      startedBy: 'release-1',
      containers: [{ imageDigest: 'sha256:0804', networkBindings: [{ containerPort: 80, hostPort: 32768 }] }],
    });
    expect(statuses(running.taskArn)).toEqual(['PENDING', 'RUNNING']);
    expect(events.at(-1)).toMatchObject({
      source: 'aws.ecs',
      resources: [running.taskArn],
      detail: { version: 2, startedAt: '2026-01-01T00:00:01.000Z', clusterArn: running.clusterArn },
    });
  });

  it('has an address of its own in awsvpc mode, and PROVISIONING and DEPROVISIONING with it', async () => {
    const { register, runTask, call, task, seconds, statuses, network } = await createSimulation();
    await register({
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
    });
    const { tasks } = await runTask({
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    await seconds(15);
    const running = await task(tasks?.[0]);
    const address = running.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address as string;
    expect(network.resolve(address, 80)).toBeDefined();
    await call('StopTask', { task: running.taskArn, reason: 'enough' });
    await seconds(15);
    expect(statuses(running.taskArn)).toEqual([
      ...['PROVISIONING', 'PENDING', 'RUNNING', 'RUNNING'],
      ...['STOPPING', 'DEPROVISIONING', 'STOPPED'],
    ]);
    expect(network.resolve(address, 80)).toBeUndefined();
  });

  it('stops with its essential container, and says how that ended', async () => {
    const { register, runTask, task, seconds } = await createSimulation(() => ({
      exitAfterMilliseconds: 5000,
      exitCode: 3,
    }));
    await register();
    const { tasks } = await runTask();
    await seconds(10);
    expect(await task(tasks?.[0])).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 3, lastStatus: 'STOPPED' }],
    });
  });

  it('that runs out of memory ends with 137 and the reason', async () => {
    const { register, runTask, task, seconds } = await createSimulation(() => ({
      exitAfterMilliseconds: 5000,
      outOfMemory: true,
    }));
    await register();
    const { tasks } = await runTask();
    await seconds(10);
    expect((await task(tasks?.[0])).containers).toMatchObject([
      { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ]);
  });

  it('whose image is not there never starts: no exit code, TaskFailedToStart', async () => {
    const { register, runTask, task, seconds, world } = await createSimulation();
    world.missingImages.add('webapp:1');
    await register();
    const { tasks } = await runTask();
    await seconds(10);
    const stopped = await task(tasks?.[0]);
    expect(stopped).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: webapp:1: not found',
      containers: [{ reason: 'CannotPullContainerError: webapp:1: not found' }],
    });
    expect(stopped.startedAt).toBeUndefined();
    expect(stopped.containers?.[0]).not.toHaveProperty('exitCode');
  });

  it('whose secret cannot be read fails with a ResourceInitializationError', async () => {
    const { register, runTask, task, seconds, world } = await createSimulation();
    const executionRoleArn = 'arn:aws:iam::111122223333:role/execution';
    world.roles.add(executionRoleArn);
    const secrets = [{ name: 'PASSWORD', valueFrom: '/webapp/password' }];
    await register({ executionRoleArn, containerDefinitions: [container({ secrets })] });
    const { tasks } = await runTask();
    await seconds(10);
    const { stoppedReason } = await task(tasks?.[0]);
    expect(stoppedReason).toMatch(
      /^ResourceInitializationError: unable to pull secrets.*ResourceNotFoundException/,
    );
  });

  it('starts its containers in the order of their dependencies, and not at all after a failed one', async () => {
    const started: string[] = [];
    const { register, runTask, task, seconds } = await createSimulation(({ name }) => {
      started.push(name.split('/')[0] as string);
      return name.startsWith('init') ? { exitAfterMilliseconds: 2000, exitCode: 1 } : {};
    });
    await register({
      containerDefinitions: [
        container({ dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] }),
        container({ name: 'init', essential: false }),
      ],
    });
    const { tasks } = await runTask();
    await seconds(10);
    expect(started).toEqual(['init']);
    expect(await task(tasks?.[0])).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
  });

  it('that ignores SIGTERM is killed after its stopTimeout', async () => {
    const { register, runTask, call, task, seconds } = await createSimulation(() => ({
      ignoresStopSignal: true,
    }));
    await register({ containerDefinitions: [container({ stopTimeout: 20 })] });
    const { tasks } = await runTask();
    await seconds(5);
    await call('StopTask', { task: tasks?.[0]?.taskArn });
    await seconds(19);
    expect(await task(tasks?.[0])).toMatchObject({ lastStatus: 'STOPPING', desiredStatus: 'STOPPED' });
    await seconds(2);
    expect(await task(tasks?.[0])).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'Task stopped by user',
      containers: [{ exitCode: 137 }],
    });
  });

  it('is forgotten an hour after it has stopped', async () => {
    const { register, runTask, call, seconds } = await createSimulation(() => ({
      exitAfterMilliseconds: 1000,
    }));
    await register();
    const { tasks } = await runTask();
    await seconds(3000);
    const arns = { tasks: [tasks?.[0]?.taskArn] };
    expect(await call('DescribeTasks', arns)).toMatchObject({
      failures: [],
      tasks: [{ lastStatus: 'STOPPED' }],
    });
    await seconds(700);
    expect(await call('DescribeTasks', arns)).toMatchObject({ tasks: [], failures: [{ reason: 'MISSING' }] });
  });
});

describe('RunTask', () => {
  it('answers with a failure for each instance whose static port is taken', async () => {
    const { register, runTask } = await createSimulation();
    const portMappings = [{ containerPort: 80, hostPort: 80 }];
    await register({ containerDefinitions: [container({ portMappings })] });
    const { tasks, failures } = await runTask({ count: 3 });
    expect(tasks).toHaveLength(2);
    expect(new Set(tasks?.map(({ containerInstanceArn }) => containerInstanceArn)).size).toBe(2);
    expect(failures?.map(({ reason }) => reason)).toEqual(['RESOURCE:PORTS', 'RESOURCE:PORTS']);
  });

  it('gives the same tasks for the same client token, and a conflict for other parameters', async () => {
    const { register, runTask, seconds } = await createSimulation();
    await register();
    const first = await runTask({ clientToken: 'release-1' });
    await seconds(5);
    const again = await runTask({ clientToken: 'release-1' });
    expect(again.tasks?.[0]?.taskArn).toBe(first.tasks?.[0]?.taskArn);
    await expect(runTask({ clientToken: 'release-1', startedBy: 'other' })).rejects.toMatchObject({
      code: 'ConflictException',
      fields: { resourceIds: [first.tasks?.[0]?.taskArn] },
    });
  });

  it('forgets a client token an hour after its task has ended', async () => {
    const { register, runTask, seconds } = await createSimulation(() => ({ exitAfterMilliseconds: 1000 }));
    await register();
    const first = await runTask({ clientToken: 'release-1' });
    await seconds(3700);
    const second = await runTask({ clientToken: 'release-1' });
    expect(second.tasks?.[0]?.taskArn).not.toBe(first.tasks?.[0]?.taskArn);
  });

  it('gives back what a task took from its instance', async () => {
    const { register, runTask, seconds } = await createSimulation(() => ({ exitAfterMilliseconds: 1000 }), {
      instances: 1,
    });
    await register({ containerDefinitions: [container({ memory: 1024 })] });
    await runTask();
    expect((await runTask()).failures).toMatchObject([{ reason: 'RESOURCE:MEMORY' }]);
    await seconds(5);
    expect((await runTask()).failures).toEqual([]);
  });

  it('refuses overrides of a container that is not there, and more than 8192 characters of them', async () => {
    const { register, runTask } = await createSimulation();
    await register();
    const override = (name: string, value: string) => ({
      containerOverrides: [{ name, environment: [{ name: 'A', value }] }],
    });
    await expect(runTask({ overrides: override('other', '') })).rejects.toThrow(
      'named other is not a container',
    );
    await expect(runTask({ overrides: override('webapp', 'x'.repeat(8192)) })).rejects.toThrow('8192');
  });
});

describe('authorize', () => {
  it('asks for RunTask on the revision in its cluster, and for PassRole on the roles', async () => {
    const { register, ecs, world } = await createSimulation();
    const taskRoleArn = 'arn:aws:iam::111122223333:role/task';
    world.roles.add(taskRoleArn);
    const arn = await register({ taskRoleArn });
    expect(ecs.definition.authorize?.('RunTask', { taskDefinition: 'webapp', cluster: 'default' })).toEqual([
      {
        action: 'ecs:RunTask',
        resources: [arn],
        conditions: { 'ecs:cluster': 'arn:aws:ecs:us-east-1:111122223333:cluster/default' },
      },
      {
        action: 'iam:PassRole',
        resources: [taskRoleArn],
        conditions: { 'iam:passedtoservice': 'ecs-tasks.amazonaws.com' },
      },
    ]);
  });
});
