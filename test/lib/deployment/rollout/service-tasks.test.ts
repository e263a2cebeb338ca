import { describe, expect, it } from '@jest/globals';
import type { TaskTarget } from '#lib/deployment/rollout/health.ts';
import { readTasks } from '#lib/deployment/rollout/service-tasks.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import { NOON } from '../fixtures.ts';

const task = (name: string, startedBy: string, rest: Partial<TaskObservation> = {}): TaskObservation => ({
  taskArn: name,
  startedBy,
  lastStatus: 'RUNNING',
  containers: [{ name: 'webapp', essential: true }],
  ...rest,
});

const target = (state: string, tasks: string[], reason?: string): TaskTarget => ({
  target: `target of ${tasks}`,
  state,
  tasks,
  ...(reason === undefined ? {} : { reason }),
});

const counts = (...[tasks, balancers]: Parameters<typeof readTasks>) =>
  Object.fromEntries(readTasks(tasks, balancers).healthyCounts);

describe('the healthy tasks of a deployment', () => {
  it.each<[string, TaskObservation[], TaskTarget[][] | undefined, Record<string, number>]>([
    [
      'are those whose targets are healthy',
      [task('a', 'old'), task('b', 'new'), task('c', 'new'), task('d', 'new')],
      [[target('healthy', ['a']), target('healthy', ['b']), target('initial', ['c'])]],
      { old: 1, new: 1 },
    ],
    ['are none where none runs', [task('a', 'new', { lastStatus: 'PENDING' })], [[]], { new: 0 }],
    [
      'are healthy behind every load balancer',
      [task('a', 'new'), task('b', 'new')],
      [
        [target('healthy', ['a']), target('healthy', ['b'])],
        [target('healthy', ['a']), target('unhealthy', ['b'])],
      ],
      { new: 1 },
    ],
    [
      "are not those that their containers' own checks call unhealthy",
      [task('a', 'new', { healthStatus: 'UNHEALTHY' }), task('b', 'new', { healthStatus: 'UNKNOWN' })],
      [[target('healthy', ['a']), target('healthy', ['b'])]],
      { new: 1 },
    ],
    [
      'are on their instances behind a classic load balancer',
      [task('a', 'old'), task('b', 'new')],
      [[target('InService', ['a']), target('OutOfService', ['b'])]],
      { old: 1, new: 0 },
    ],
    [
      'cannot be told where two deployments share an instance of a classic load balancer',
      [task('a', 'old'), task('b', 'new'), task('c', 'third')],
      [[target('InService', ['a', 'b']), target('InService', ['c'])]],
      { third: 1 },
    ],
    [
      'are told by the container health checks where there is no load balancer',
      [
        task('a', 'new', { healthStatus: 'HEALTHY' }),
        task('b', 'new', { healthStatus: 'UNKNOWN' }),
        task('c', 'old', { healthStatus: 'UNKNOWN' }),
      ],
      [],
      { new: 1 },
    ],
    ['cannot be told where the load balancer does not answer', [task('a', 'new')], undefined, {}],
  ])('%s', (_, tasks, balancers, healthy) => {
    expect(counts(tasks, balancers)).toEqual(healthy);
  });
});

describe('the targets of a service', () => {
  it('are counted by what the load balancers say of them', () => {
    const targets = [
      target('healthy', ['a']),
      target('InService', ['b']),
      target('initial', ['c']),
      target('OutOfService', ['d'], 'Instance registration is still in progress.'),
      target(
        'OutOfService',
        ['e'],
        'Instance has failed at least the UnhealthyThreshold number of health checks.',
      ),
      target('unhealthy', ['f']),
      target('draining', ['g']),
      target('unhealthy.draining', ['h']),
      target('unused', ['i']),
    ];

    expect(readTasks([], [targets]).targets).toEqual({
      healthy: 2,
      unhealthy: 2,
      initial: 2,
      draining: 2,
      other: 1,
    });
  });

  it.each([
    ['there is no load balancer', []],
    ['it does not answer', undefined],
  ])('are not told of where %s', (_, balancers) => {
    expect(readTasks([task('a', 'new')], balancers).targets).toBeNull();
  });
});

describe('the failed tasks of a service', () => {
  const crashed = (name: string, second: number | undefined) =>
    task(name, 'new', {
      lastStatus: second === undefined ? 'DEPROVISIONING' : 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      taskDefinition: 'webapp:8',
      ...(second === undefined ? {} : { stoppedAt: NOON + second * 1_000 }),
      containers: [{ name: 'webapp', essential: true, exitCode: 3 }],
    });

  it('are the last five, newest first, with their reason; one that ECS scaled in is none', () => {
    const scaledIn = task('z', 'old', {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/2)',
    });
    const refused = task('y', 'new', {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed ELB health checks in (elb webapp)',
      stoppedAt: NOON + 3_500,
    });
    const tasks = [1, 4, 2, 3, undefined].map((second, index) => crashed(`task-${index}`, second));

    const { failed } = readTasks([scaledIn, ...tasks, refused], []);

    expect(failed.map(({ taskArn }) => taskArn)).toEqual(['task-4', 'task-1', 'y', 'task-3', 'task-2']);
    expect(failed[1]).toEqual({
      taskArn: 'task-1',
      ecsDeployment: 'new',
      taskDefinition: 'webapp:8',
      stoppedAt: NOON + 4_000,
      reason:
        'container webapp exited with code 3, EssentialContainerExited: Essential container in task exited',
      container: 'webapp',
      exitCode: 3,
    });
  });
});
