import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '#cli/outcome.ts';

describe('the exit code of a deployment', () => {
  it.each<[number, string, Parameters<typeof outcomeOf>[0]]>([
    [0, 'is live', { status: 'SUCCEEDED', serviceOutcome: 'LIVE' }],
    [3, 'was superseded', { status: 'SUPERSEDED', serviceOutcome: 'UNTOUCHED' }],
    [1, 'failed before it touched the service', { status: 'FAILED', serviceOutcome: 'UNTOUCHED' }],
    [1, 'was stopped before that', { status: 'ABORTED', serviceOutcome: 'UNTOUCHED' }],
    [1, 'was rolled back', { status: 'FAILED', serviceOutcome: 'ROLLED_BACK' }],
    [2, 'was not rolled back', { status: 'FAILED', serviceOutcome: 'CHANGED' }],
    [2, 'was stopped in its rollout', { status: 'ABORTED', serviceOutcome: 'CHANGED' }],
    [2, "lost the service to somebody else's deployment", { status: 'FAILED', serviceOutcome: 'TAKEN_OVER' }],
    [
      3,
      'was re-driven after a newer release had gone live',
      { status: 'FAILED', serviceOutcome: 'TAKEN_OVER', error: 'NewerReleaseLive' },
    ],
    [2, 'is live and could not be recorded', { status: 'FAILED', serviceOutcome: 'LIVE' }],
    [2, 'left nothing that is known', { status: 'TIMED_OUT' }],
  ])('is %i when it %s', (exitCode, _, deployment) => {
    expect(outcomeOf(deployment)).toBe(exitCode);
  });
});
