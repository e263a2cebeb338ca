import { describe, expect, it } from '@jest/globals';
import type { Failure } from '#lib/deployment/document.ts';
import { causeOf } from '#lib/deployment/ending/failure.ts';
import { describeFailure, HaltedDeployment, isRedriven, runErrorOf } from '#lib/deployment/ending/halt.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { document, revision } from '../fixtures.ts';
import { failure, rolledOut } from './failed.ts';

describe('the message of a halted deployment', () => {
  it('says which state, why, what runs, the log and where a redrive goes on', () => {
    const error = new DeploymentError('RolloutCrashLoop', '3 tasks stopped', {
      detail: { logTail: ['Error: connect ECONNREFUSED', '    at server.js:7'] },
    });
    const failed = failure({ cause: causeOf(error) });

    const message = describeFailure(rolledOut({ failure: failed, rollbackDone: true }), failed);

    expect(message.split('\n')).toEqual([
      'AwaitRollout failed with RolloutCrashLoop.',
      error.message,
      'Rolled back: the last known good runs.',
      'Last log lines:',
      '  Error: connect ECONNREFUSED',
      '      at server.js:7',
      'A redrive goes on from UpdateService.',
    ]);
  });

  it('is bounded, and however long the cause is it says what runs and where a redrive goes on', () => {
    const error = new DeploymentError('RolloutCrashLoop', 'x'.repeat(20_000), {
      detail: { logTail: Array.from({ length: 10 }, () => 'y'.repeat(1_000)) },
    });
    const failed = failure({ cause: causeOf(error) });

    const message = describeFailure(rolledOut({ failure: failed }), failed);

    expect(message.length).toBeLessThanOrEqual(8_000);
    expect(message).toContain(`The last known good is ${revision(6)}.`);
    expect(message).toContain('Last log lines:');
    expect(message).toMatch(/A redrive goes on from UpdateService\.$/);
  });

  it('promises no redrive that is refused because a newer release is live', () => {
    const outdated = document({ failure: failure({ state: 'ClaimService', error: 'NewerReleaseLive' }) });

    const message = describeFailure(outdated, outdated.failure as Failure);

    expect(message).toMatch(/A redrive is refused: a newer release has gone live\.$/);
  });

  it('ends under the name of the failure, or as RollbackFailed', () => {
    expect(runErrorOf(rolledOut(), failure())).toBe('RolloutCrashLoop');
    expect(runErrorOf(rolledOut({ rollbackFailure: failure() }), failure())).toBe('RollbackFailed');
    expect(runErrorOf(rolledOut(), failure({ error: 'TypeError' }))).toBe('TypeError');
    // Nothing has failed that needs a person: another deployment sees to the service.
    const lost = failure({ state: 'RollBackService', error: 'ClaimLost' });
    expect(runErrorOf(rolledOut({ rollbackFailure: lost }), failure())).toBe('ClaimLost');
    expect(new HaltedDeployment('TypeError', 'm')).toMatchObject({ name: 'TypeError', message: 'm' });
  });

  it.each([
    ['Lambda.ServiceException', 'AwsUnavailable'],
    ['Lambda.AWSLambdaException', 'AwsUnavailable'],
    ['Lambda.Unknown', 'FunctionCrashed'],
    ['Sandbox.Timedout', 'FunctionCrashed'],
    ['Runtime.ExitError', 'FunctionCrashed'],
    ['States.Timeout', 'FunctionCrashed'],
  ])(
    'ends %s as %s: HaltDeployment would try its own failure again under the first name',
    (error, ending) => {
      expect(runErrorOf(rolledOut(), failure({ error }))).toBe(ending);
    },
  );

  it('ends as AccessDenied where the machine may not call its function', () => {
    const cause = 'not authorized (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException)';

    expect(runErrorOf(rolledOut(), failure({ error: 'Lambda.AWSLambdaException', cause }))).toBe(
      'AccessDenied',
    );
  });
});

describe('HaltDeployment runs again because of a redrive', () => {
  it('only when whatever failed did so in an earlier run', () => {
    const rolledBack = rolledOut({ rollbackDone: true });

    expect(isRedriven(rolledBack, failure(), { redriveCount: 0 })).toBe(false);
    expect(isRedriven(rolledBack, failure(), { redriveCount: 1 })).toBe(true);
    // The redrive went on with the way back, and that failed.
    const wayBack = rolledOut({ rollbackFailure: failure({ redriveCount: 1 }) });
    expect(isRedriven(wayBack, failure(), { redriveCount: 1 })).toBe(false);
    expect(isRedriven(wayBack, failure(), { redriveCount: 2 })).toBe(true);
  });
});
