import { describe, expect, it } from '@jest/globals';
import { decideWayBack } from '#lib/deployment/ending/way-back.ts';
import { document, ecsDeployment, lastKnownGood, observedService, revision } from '../fixtures.ts';

describe('RollBackService', () => {
  const failed = document({ lastKnownGood: lastKnownGood() });
  const primary = (given: Parameters<typeof ecsDeployment>[0]) =>
    observedService({ deployments: [ecsDeployment({ id: 'ecs-svc/primary', ...given })] });

  it('starts the way back to the last known good revision', () => {
    expect(decideWayBack(failed, primary({ taskDefinition: revision(7) }))).toEqual({
      act: 'update',
      taskDefinition: revision(6),
      force: false,
    });
  });

  it('only waits where ECS has gone back to it by itself', () => {
    expect(decideWayBack(failed, primary({ taskDefinition: revision(6) }))).toEqual({
      act: 'wait',
      taskDefinition: revision(6),
      deploymentId: 'ecs-svc/primary',
    });
  });

  it('forces a new deployment of that revision where ECS has given it up: without, nothing would start', () => {
    expect(decideWayBack(failed, primary({ taskDefinition: revision(6), rolloutState: 'FAILED' }))).toEqual({
      act: 'update',
      taskDefinition: revision(6),
      force: true,
    });
  });

  it('creates no service that is gone: ECS is asked, and refuses', () => {
    expect(decideWayBack(failed, undefined)).toEqual({
      act: 'update',
      taskDefinition: revision(6),
      force: false,
    });
  });

  it.each([null, undefined])('says NothingToRollBackTo when no release has gone live yet (%s)', (good) => {
    expect(() => decideWayBack(document({ lastKnownGood: good }), primary({}))).toThrow(
      expect.objectContaining({ name: 'NothingToRollBackTo' }),
    );
  });
});
