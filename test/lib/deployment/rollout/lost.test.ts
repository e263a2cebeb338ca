import { describe, expect, it } from '@jest/globals';
import { ecsDeployment, NOON, OURS, observedService, revision } from '../fixtures.ts';
import { crashed, failure, previous, rollout, underWay } from './rolling.ts';

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
