import { describe, expect, it } from '@jest/globals';
import {
  adviseInsteadOfRedrive,
  type DeploymentRecord,
  type FormerRun,
  formerRunsOf,
  isResultCounted,
  loggedFailureOf,
  notRunningError,
  withFormerRun,
} from '#lib/deployment/record/record.ts';
import { DIGEST, NOON } from '../fixtures.ts';

const record = (given: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  deployment: 'webapp-8',
  service: 'webapp',
  execution: 'execution',
  status: 'FAILED',
  redriveCount: 0,
  startedAt: NOON,
  digest: DIGEST,
  trigger: { kind: 'push' },
  ...given,
});
const run = (redriveCount: number, given: Partial<FormerRun> = {}): FormerRun => ({
  redriveCount,
  status: 'FAILED',
  ...given,
});
const failure = (...logTail: string[]) => ({
  state: 'AwaitMigration',
  error: 'MigrationFailed',
  message: 'It failed.',
  detail: { logTail },
});

describe('the former runs of a deployment', () => {
  it('are those before, and the one that has ended', () => {
    const ended = record({ redriveCount: 1, endedAt: NOON, error: 'MigrationFailed', runs: [run(0)] });

    expect(formerRunsOf(ended)).toEqual([run(0), run(1, { endedAt: NOON, error: 'MigrationFailed' })]);
  });

  it('are those before where the last one is under way', () => {
    expect(formerRunsOf(record({ status: 'RUNNING', runs: [run(0)] }))).toEqual([run(0)]);
    expect(formerRunsOf(record({ status: 'RUNNING' }))).toEqual([]);
  });

  it('hold one result of a run, the one that was told last, in the order of the runs', () => {
    const provisional = run(0, { status: 'ABORTED' });

    expect(withFormerRun([run(1), provisional], run(0))).toEqual([run(0), run(1)]);
  });

  it('are the latest five', () => {
    const counts = withFormerRun(
      [0, 1, 2, 3, 4].map((count) => run(count)),
      run(5),
    ).map(({ redriveCount }) => redriveCount);

    expect(counts).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('the result of a run', () => {
  it('has been counted where the record says so', () => {
    const counted = record({ resultsCounted: new Set([1]) });

    expect([isResultCounted(counted, 1), isResultCounted(counted, 0)]).toEqual([true, false]);
    expect(isResultCounted(record(), 0)).toBe(false);
  });
});

describe('the failure that wrote to a log', () => {
  it('is that of the last run, or else the latest one before it', () => {
    const runs = [run(0, { failure: failure('first') }), run(1, { failure: failure('second') })];

    expect(loggedFailureOf({ failure: failure('third'), runs })?.detail.logTail).toEqual(['third']);
    expect(loggedFailureOf({ failure: failure(), runs })?.detail.logTail).toEqual(['second']);
    expect(loggedFailureOf({ runs: [run(0)] })).toBeUndefined();
  });
});

describe('a redrive or an abort that is refused', () => {
  it('is told with what to do instead', () => {
    expect(adviseInsteadOfRedrive({ status: 'RUNNING' })).toBe(
      'it is under way: watch it, or abort it first',
    );
    expect(adviseInsteadOfRedrive({ status: 'SUCCEEDED' })).toBe(
      'it has gone live; to have it live again, roll back to it',
    );
    expect(adviseInsteadOfRedrive({ status: 'FAILED' })).toBeUndefined();
  });

  it.each<[DeploymentRecord['status'], string]>([
    [
      'FAILED',
      'is FAILED; there is nothing to stop; see what runs, then redrive it, or roll back where it is not well',
    ],
    ['SUCCEEDED', 'is SUCCEEDED; there is nothing to stop; see what runs before anything is undone'],
    ['RUNNING', 'has just ended; there is nothing to stop; see what runs before anything is undone'],
  ])('says of %s that it does not run, and what to do', (status, why) => {
    const error = notRunningError({ deployment: 'webapp-8', status });

    expect(error.name).toBe('NotRunning');
    expect(error.message).toBe(`The deployment has ended already: webapp-8 ${why}.`);
  });
});
