import { describe, expect, it } from '@jest/globals';
import type { Rollout } from '#lib/deployment/document.ts';
import { decideUpdate } from '#lib/deployment/release/service-definition.ts';
import { decideRollback, decideRollout } from '#lib/deployment/rollout/rollout.ts';
import type { EcsDeployment, ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import {
  ecsDeployment,
  NOON,
  OURS,
  observedService,
  revision,
  settings,
  stoppedTask,
  taskArn,
} from './fixtures.ts';

const rollout: Rollout = {
  deploymentId: OURS,
  taskDefinition: revision(7),
  startedAt: NOON - 60_000,
  deadline: NOON + 60_000,
};

const decide = (
  service: ServiceObservation | undefined,
  stopped: TaskObservation[] = [],
  { now = NOON, ...given }: { now?: number; crashes?: number; placementFailures?: number } = {},
) => decideRollout(service, stopped, rollout, settings({ rollout: given }).rollout, now);

/** The failure's name, message and detail; fails where the verdict is another. */
function failure(...given: Parameters<typeof decide>) {
  const decision = decide(...given);
  if (decision.verdict !== 'failed') throw new Error(`The verdict is ${decision.verdict}`);
  return decision.error;
}

const previous = (given: Partial<EcsDeployment> = {}) =>
  ecsDeployment({ id: 'ecs-svc/6', status: 'ACTIVE', taskDefinition: revision(6), ...given });

/** Our deployment on its way beside the previous one. */
const underWay = (given: Partial<EcsDeployment> = {}, service: Partial<ServiceObservation> = {}) =>
  observedService({
    deployments: [
      ecsDeployment({ runningCount: 1, pendingCount: 1, rolloutState: 'IN_PROGRESS', ...given }),
      previous(),
    ],
    ...service,
  });

/** As ECS answers behind a classic load balancer. */
const classic = (given: Partial<EcsDeployment> = {}) => {
  const { rolloutState: _, ...rest } = ecsDeployment(given);
  return rest;
};

const crashed = (count: number, given: Partial<TaskObservation> = {}) =>
  Array.from({ length: count }, (_, index) =>
    stoppedTask({ taskArn: taskArn(`${index}`), stoppedAt: NOON - index, ...given }),
  );

describe('a rollout succeeds', () => {
  it('when our deployment is COMPLETED with every task running', () => {
    expect(decide(observedService())).toEqual({ verdict: 'succeeded' });
  });

  it('also while the previous deployment is still draining, once ECS says COMPLETED', () => {
    const service = observedService({ deployments: [ecsDeployment(), previous({ desiredCount: 0 })] });

    expect(decide(service).verdict).toBe('succeeded');
  });

  it('behind a classic load balancer, which has no rolloutState, when it is the only one and all run', () => {
    expect(decide(observedService({ deployments: [classic()] })).verdict).toBe('succeeded');
  });

  it('although autoscaling wants more tasks since ECS said COMPLETED', () => {
    const service = observedService({ desiredCount: 4, deployments: [ecsDeployment({ desiredCount: 4 })] });

    expect(decide(service).verdict).toBe('succeeded');
  });

  it('of a service that is scaled to zero', () => {
    const none = { desiredCount: 0, runningCount: 0 };

    expect(decide(observedService({ ...none, deployments: [ecsDeployment(none)] })).verdict).toBe(
      'succeeded',
    );
  });

  it('although tasks crashed on the way and the deadline has passed', () => {
    expect(decide(observedService(), crashed(9), { now: rollout.deadline }).verdict).toBe('succeeded');
  });
});

describe('a rollout goes on', () => {
  it.each<[string, ServiceObservation | undefined]>([
    ['while tasks start', underWay()],
    [
      'right after the update, when PRIMARY shows desiredCount 0',
      observedService({
        deployments: [
          ecsDeployment({ desiredCount: 0, runningCount: 0, rolloutState: 'IN_PROGRESS' }),
          previous(),
        ],
      }),
    ],
    [
      'right after the update behind a classic load balancer',
      observedService({ deployments: [classic({ desiredCount: 0, runningCount: 0 }), classic(previous())] }),
    ],
    [
      'behind a classic load balancer while old tasks drain',
      observedService({ deployments: [classic(), classic(previous())] }),
    ],
    [
      'behind a classic load balancer while more tasks run than wanted',
      observedService({ runningCount: 3, deployments: [classic()] }),
    ],
    ['while a task is pending', observedService({ deployments: [classic({ pendingCount: 1 })] })],
    ['when DescribeServices answers from before the update', observedService({ deployments: [previous()] })],
    ['when DescribeServices does not know the service yet', undefined],
    [
      'when all run and ECS does not say COMPLETED yet: health checks are running',
      observedService({ deployments: [ecsDeployment({ rolloutState: 'IN_PROGRESS' })] }),
    ],
  ])('%s', (_, service) => {
    expect(decide(service, [], { now: rollout.startedAt + 29_000 })).toEqual({ verdict: 'progressing' });
  });
});

describe('a crash loop', () => {
  it('is told at the configured number of stopped tasks, with the reason of the last one', () => {
    const tasks = crashed(3);
    tasks[1] = stoppedTask({
      taskArn: taskArn('last'),
      stoppedAt: NOON + 1,
      containers: [
        { name: 'sidecar', essential: false, exitCode: 9 },
        { name: 'webapp', essential: true, exitCode: 137, reason: 'OutOfMemoryError: Container killed' },
      ],
    });

    expect(decide(underWay(), tasks.slice(0, 2)).verdict).toBe('progressing');
    const error = failure(underWay(), tasks);

    expect(error.name).toBe('RolloutCrashLoop');
    expect(error.message).toContain(
      'container webapp exited with code 137, OutOfMemoryError: Container killed, EssentialContainerExited',
    );
    expect(error.detail).toMatchObject({ taskArn: taskArn('last'), container: 'webapp', exitCode: 137 });
  });

  it('is not made of tasks that stopped before the wait began: an older deployment may be adopted', () => {
    expect(decide(underWay(), crashed(9, { stoppedAt: rollout.startedAt - 1 })).verdict).toBe('progressing');
  });

  it('is not made of tasks of other deployments', () => {
    expect(decide(underWay(), crashed(9, { startedBy: 'ecs-svc/6' })).verdict).toBe('progressing');
  });

  it.each<Partial<TaskObservation>>([
    {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/0000000000000000007)',
    },
    { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' },
    { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' },
  ])('is not made of tasks that were stopped from outside: $stopCode', (given) => {
    expect(decide(underWay(), crashed(9, { ...given, containers: [] })).verdict).toBe('progressing');
  });

  it('is also made of tasks that failed their own health check', () => {
    const stoppedReason = 'Task failed container health checks';

    expect(
      failure(underWay(), crashed(3, { stopCode: 'ServiceSchedulerInitiated', stoppedReason })),
    ).toMatchObject({
      name: 'RolloutCrashLoop',
      message: expect.stringContaining(stoppedReason),
    });
  });

  it.each([
    'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:…)',
    'Task failed ELB health checks in (elb webapp)',
    '(service webapp-service) (instance i-0abc) (port 80) is unhealthy in (elb webapp)',
  ])('is told as a failed health check where the load balancer refused every task: %s', (stoppedReason) => {
    const killed = [{ name: 'webapp', essential: true, exitCode: 137 }];
    const tasks = crashed(3, { stopCode: 'ServiceSchedulerInitiated', stoppedReason, containers: killed });

    const error = failure(underWay(), tasks);

    expect(error.name).toBe('HealthCheckFailed');
    // The exit code is that of ECS's signal and would mislead.
    expect(error.message).toContain(`because ServiceSchedulerInitiated: ${stoppedReason};`);
    expect(error.detail).toMatchObject({ container: 'webapp' });
    expect(error.detail).not.toHaveProperty('exitCode');
  });

  it('is told as one where only some tasks were refused by the load balancer', () => {
    const refused = crashed(2, {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed ELB health checks in (elb webapp)',
    });

    expect(failure(underWay(), [...refused, ...crashed(1)]).name).toBe('RolloutCrashLoop');
  });

  it('is also made of tasks that never started', () => {
    const reason = 'CannotPullContainerError: pull image manifest has been retried 1 time(s)';
    const tasks = crashed(1, {
      stopCode: 'TaskFailedToStart',
      stoppedReason: reason,
      containers: [{ name: 'webapp', essential: true, reason }],
    });

    const error = failure(underWay(), tasks, { crashes: 1 });

    expect(error.message).toContain(`container webapp never started, ${reason}`);
    expect(error.detail).not.toHaveProperty('exitCode');
  });
});

describe('a placement failure', () => {
  const unable = (at: number) => ({
    at,
    message:
      '(service webapp-service) was unable to place a task because no container instance met all of its requirements.',
  });

  /** None of our tasks has found a place, and ECS may stop none of the two old ones. */
  const nowhere = (service: Partial<ServiceObservation>) =>
    underWay({ runningCount: 0, pendingCount: 0 }, service);

  it('is told at once', () => {
    const error = failure(nowhere({ events: [unable(NOON)] }));

    expect(error.name).toBe('PlacementFailed');
    expect(error.message).toContain('no container instance met all of its requirements; make room');
  });

  it.each([
    ['while a task is leaving', stoppedTask({ lastStatus: 'DEACTIVATING' }), 'progressing'],
    ['until ECS has tried again after one left', stoppedTask({ stoppedAt: NOON + 1 }), 'progressing'],
    ['no longer when ECS has', stoppedTask({ stoppedAt: NOON - 1 }), 'failed'],
  ])('says nothing %s', (_, task, verdict) => {
    const service = nowhere({ events: [unable(NOON)] });

    expect(decide(service, [{ ...task, startedBy: 'ecs-svc/6' }]).verdict).toBe(verdict);
  });

  it('says nothing as long as ECS may stop an older task to make room', () => {
    const service = nowhere({ events: [unable(NOON)] });

    expect(decide({ ...service, minimumHealthyPercent: 50 }).verdict).toBe('progressing');
    expect(decide({ ...service, desiredCount: 1 }).verdict).toBe('progressing');
    expect(decide({ ...service, minimumHealthyPercent: 100 }).verdict).toBe('failed');
    // Once it is healthy, an old one has to go.
    expect(decide(underWay({ runningCount: 0, pendingCount: 1 }, { events: service.events })).verdict).toBe(
      'progressing',
    );
  });

  it('does not hold up the way back where only tasks of the last known good run, of before', () => {
    const back = { ...rollout, deploymentId: 'ecs-svc/8', taskDefinition: revision(6) };
    const given = (running: number, desiredCount = 2) =>
      observedService({
        desiredCount,
        events: [unable(NOON)],
        deployments: [
          ecsDeployment({
            id: 'ecs-svc/8',
            taskDefinition: revision(6),
            runningCount: 0,
            rolloutState: 'IN_PROGRESS',
          }),
          previous(),
          ecsDeployment({ status: 'ACTIVE', runningCount: running, rolloutState: 'IN_PROGRESS' }),
        ],
        runningCount: 2 + running,
      });
    const verdict = (service: ServiceObservation) =>
      decideRollback(service, [], back, settings().rollout, NOON).verdict;

    expect(verdict(given(0))).toBe('succeeded');
    expect(verdict(given(1))).toBe('progressing');
    expect(verdict(given(0, 3))).toBe('failed');
    expect(decideRollout(given(0), [], back, settings().rollout, NOON).verdict).toBe('failed');
  });

  it('from before our deployment is none of ours', () => {
    const service = nowhere({ events: [unable(rollout.startedAt - 1)] });

    expect(decide(service).verdict).toBe('progressing');
  });

  it('is borne as often as the settings say', () => {
    const events = [unable(NOON), unable(NOON - 1)];

    expect(decide(nowhere({ events }), [], { placementFailures: 3 }).verdict).toBe('progressing');
    expect(failure(nowhere({ events }), [], { placementFailures: 2 }).name).toBe('PlacementFailed');
  });
});

describe('a rollout that ECS ended', () => {
  it('fails by the circuit breaker alone as RolloutFailed', () => {
    const service = underWay({
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    });

    expect(failure(service)).toMatchObject({
      name: 'RolloutFailed',
      message: expect.stringContaining('ECS deployment circuit breaker: tasks failed to start; read'),
    });
  });

  it('and rolled back fails as RolloutRolledBack, with why the last task stopped', () => {
    const service = observedService({
      deployments: [
        previous({ id: 'ecs-svc/8', status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }),
        ecsDeployment({
          status: 'ACTIVE',
          rolloutState: 'FAILED',
          rolloutStateReason: 'tasks failed to start.',
        }),
      ],
    });

    const error = failure(service, crashed(1));

    expect(error.name).toBe('RolloutRolledBack');
    expect(error.message).toContain('the last task stopped because container webapp exited with code 1');
  });

  it('and rolled back is not taken for settled once the service is stable again and ours is forgotten', () => {
    const service = observedService({
      taskDefinition: revision(6),
      deployments: [previous({ id: 'ecs-svc/8', status: 'PRIMARY' })],
      events: [
        { at: NOON, message: '(service webapp-service) has reached a steady state.' },
        { at: NOON - 1, message: '(service webapp-service) rolling back to deployment ecs-svc/6.' },
      ],
    });

    expect(failure(service)).toMatchObject({
      name: 'RolloutRolledBack',
      message: expect.stringContaining('ecs-svc/8'),
    });
  });

  it('and rolled back is also told by the reason of the new primary deployment', () => {
    const service = observedService({
      deployments: [
        previous({
          status: 'PRIMARY',
          rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/6.',
        }),
      ],
    });

    expect(failure(service).name).toBe('RolloutRolledBack');
  });

  it('is not called rolled back for a rollback from before our deployment', () => {
    const service = observedService({
      deployments: [previous({ status: 'PRIMARY' })],
      events: [{ at: rollout.startedAt - 1, message: 'rolling back to deployment ecs-svc/5.' }],
    });

    expect(failure(service).name).toBe('RolloutReplaced');
  });
});

describe("somebody else's deployment", () => {
  it('that took the place of ours is told, also when it runs our revision', () => {
    const service = observedService({ deployments: [ecsDeployment({ id: 'ecs-svc/by-hand' })] });

    const error = failure(service);

    expect(error.name).toBe('RolloutReplaced');
    expect(error.message).toContain(`ecs-svc/by-hand with ${revision(7)} is primary instead of ${OURS}`);
  });

  it('is told while ours is still draining', () => {
    const service = observedService({
      deployments: [ecsDeployment({ id: 'ecs-svc/by-hand' }), ecsDeployment({ status: 'ACTIVE' })],
    });

    expect(failure(service).name).toBe('RolloutReplaced');
  });

  it.each([
    ['deleted', 'ServiceUnusable', undefined, 'is gone'],
    ['being deleted', 'ServiceUnusable', observedService({ status: 'DRAINING' }), 'is DRAINING'],
    [
      'without a primary deployment',
      'RolloutReplaced',
      observedService({ deployments: [] }),
      'no deployment is primary',
    ],
  ])('is told apart from a service that is %s', (_, name, service, why) => {
    expect(failure(service)).toMatchObject({ name, message: expect.stringContaining(why) });
  });
});

describe('the deadline of a rollout', () => {
  it('fails it by name, with how far it came and what ECS says', () => {
    const service = underWay({ rolloutStateReason: 'ECS deployment ecs-svc/7 in progress.' });

    expect(decide(service, [], { now: rollout.deadline - 1 }).verdict).toBe('progressing');
    const error = failure(service, [], { now: rollout.deadline });

    expect(error.name).toBe('RolloutTimedOut');
    expect(error.message).toContain(
      `1 of 2 tasks of ${revision(7)} run past the deadline of 2026-03-02T12:01:00.000Z, ECS deployment ecs-svc/7 in progress;`,
    );
  });

  it('rather tells what ECS says of the obstacle', () => {
    const events = [
      { at: NOON, message: '(service webapp-service) has started 1 tasks.' },
      {
        at: NOON - 1,
        message: '(service webapp-service) was unable to stop or start tasks during a deployment.',
      },
    ];
    const service = underWay({ rolloutStateReason: 'in progress' }, { events });

    expect(failure(service, [], { now: rollout.deadline }).message).toContain(
      'was unable to stop or start tasks',
    );
  });

  it('takes the newest service event where ECS gives no reason', () => {
    const events = [{ at: NOON, message: '(service webapp-service) has started 1 tasks.' }];

    expect(failure(underWay({}, { events }), [], { now: rollout.deadline }).message).toContain(
      'has started 1 tasks',
    );
  });

  it('tells of the few tasks that crashed', () => {
    expect(failure(underWay(), crashed(1), { now: rollout.deadline }).detail).toMatchObject({
      container: 'webapp',
      exitCode: 1,
    });
  });
});

describe('what UpdateService has to do', () => {
  it('creates a service that is not there', () => {
    expect(decideUpdate(undefined, revision(7), false)).toEqual({ act: 'create' });
  });

  it('updates to another revision', () => {
    expect(decideUpdate(observedService(), revision(8), false)).toEqual({ act: 'update', force: false });
  });

  it.each([
    ['settled', observedService()],
    ['on its way', underWay()],
  ])('leaves a revision alone that is primary already and %s', (_, service) => {
    expect(decideUpdate(service, revision(7), false)).toEqual({ act: 'nothing', deploymentId: OURS });
  });

  it('forces a new deployment of a revision that ECS has given up', () => {
    const service = underWay({ rolloutState: 'FAILED' });

    expect(decideUpdate(service, revision(7), false)).toEqual({ act: 'update', force: true });
  });

  it('forces one when re-driven, unless all is settled', () => {
    expect(decideUpdate(underWay(), revision(7), true)).toEqual({ act: 'update', force: true });
    expect(decideUpdate(observedService(), revision(7), true)).toEqual({
      act: 'nothing',
      deploymentId: OURS,
    });
  });
});
