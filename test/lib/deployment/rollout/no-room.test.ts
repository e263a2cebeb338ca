import { describe, expect, it } from '@jest/globals';
import { decideRollback, decideRollout } from '#lib/deployment/rollout/rollout.ts';
import type { ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';
import { ecsDeployment, NOON, observedService, revision, settings, stoppedTask } from '../fixtures.ts';
import { decide, failure, previous, rollout, underWay } from './rolling.ts';

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
