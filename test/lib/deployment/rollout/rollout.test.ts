import { describe, expect, it } from '@jest/globals';
import type { ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';
import { ecsDeployment, NOON, observedService, revision } from '../fixtures.ts';
import { classic, crashed, decide, failure, previous, rollout, underWay } from './rolling.ts';

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
