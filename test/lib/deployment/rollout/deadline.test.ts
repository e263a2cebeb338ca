import { describe, expect, it } from '@jest/globals';
import { beginRollout, extendDeadline } from '#lib/deployment/rollout/deadline.ts';
import { NOON, revision, settings } from '../fixtures.ts';

describe('the deadline of a wait', () => {
  it('of a rollout or a rollback counts from when the change was asked for', () => {
    const begun = { deploymentId: 'ecs-svc/back', taskDefinition: revision(6), startedAt: NOON };

    expect(beginRollout(begun, settings().rollout)).toEqual({ ...begun, deadline: NOON + 1_800_000 });
  });

  it('counts from the redrive that went straight into the wait', () => {
    const wait = { attempt: 1, deadline: NOON };

    expect(extendDeadline(wait, NOON - 1_000, 60)).toEqual({ attempt: 1, deadline: NOON + 59_000 });
  });

  it('is not brought forward by a redrive', () => {
    expect(extendDeadline({ deadline: NOON }, NOON - 61_000, 60)).toEqual({ deadline: NOON });
  });
});
