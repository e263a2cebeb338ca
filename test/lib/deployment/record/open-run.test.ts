import { describe, expect, it } from '@jest/globals';
import { isOpenFor, openRun } from '#lib/deployment/record/open-run.ts';
import { DeploymentRecord, KeptOfRecord, RunOfRecord } from '#lib/deployment/record/record.ts';
import { document, NOON, settings } from '../fixtures.ts';
import { ended, record, recordedFailure, steps } from './fixtures.ts';

const LATER = NOON + 3_600_000;
const DAY = 24 * 3600;
const given = document({ settings: settings({ history: { days: 10 } }) });
const open = (before: DeploymentRecord | undefined, redriveCount: number) =>
  openRun(before, given, { execution: record().execution, redriveCount }, LATER);

describe('the record of a deployment', () => {
  it('begins with its first run, and is removed after so many days', () => {
    expect(open(undefined, 0)).toEqual({
      ...record({ startedAt: LATER }),
      commit: given.release.commit,
      build: given.release.build?.id,
      bundle: given.release.bundle,
      expiresAt: LATER / 1000 + 10 * DAY,
    });
  });

  it('begins with a later run where the ones before left none', () => {
    expect(open(undefined, 2)).toMatchObject({
      status: 'RUNNING',
      redriveCount: 2,
      startedAt: LATER,
      redrivenAt: LATER,
    });
  });

  it.each([
    ['is under way', 1, record({ redriveCount: 1 })],
    ['is over: this invocation comes late', 1, ended({ redriveCount: 1 })],
    ['has been followed by another', 0, record({ redriveCount: 1 })],
  ])('is left as it is when its run %s', (_, redriveCount, before) => {
    expect(open(before, redriveCount)).toBe(before);
    expect(isOpenFor(before, { redriveCount })).toBe(true);
  });

  it('is not open for a run that has not begun', () => {
    expect(isOpenFor(undefined, { redriveCount: 0 })).toBe(false);
    expect(isOpenFor(ended(), { redriveCount: 1 })).toBe(false);
  });
});

describe('the record of a deployment that is redriven', () => {
  it('keeps what is the deployment’s, and puts the last run among the former ones', () => {
    const before = ended({ commit: 'c', build: 'b', redriveRequestedBy: { 1: 'Ann' }, expiresAt: 1 });

    expect(open(before, 1)).toEqual({
      ...record({ redriveCount: 1, redrivenAt: LATER, commit: 'c', build: 'b' }),
      redriveRequestedBy: { 1: 'Ann' },
      resultsCounted: new Set([0]),
      stepsCounted: new Set([0]),
      expiresAt: LATER / 1000 + 10 * DAY,
      runs: [
        {
          redriveCount: 0,
          status: 'FAILED',
          endedAt: NOON + 60_000,
          error: 'RolloutFailed',
          message: 'It failed.',
          serviceOutcome: 'CHANGED',
          failure: recordedFailure,
        },
      ],
    });
  });

  it('begins without anything that a run before it could leave', () => {
    const everything: Required<DeploymentRecord> = {
      ...ended(),
      redrivenAt: NOON,
      taskDefinition: 'webapp:7',
      provisional: true,
      commit: 'c',
      build: 'b',
      bundle: { bucket: 'b', prefix: 'p' },
      redriveRequestedBy: {},
      runs: [],
      expiresAt: 1,
      endedAt: NOON,
      error: 'e',
      message: 'm',
      serviceOutcome: 'CHANGED',
      steps,
      failure: recordedFailure,
      resultsCounted: new Set([0]),
      stepsCounted: new Set([0]),
    };
    const fields = Object.keys(everything).sort();
    const kept = Object.entries(open(everything, 1)).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );

    // Every field is above, and in one of the two parts: one that is new has to be put into either.
    const parts = [...Object.keys(KeptOfRecord.shape), ...Object.keys(RunOfRecord.shape)];
    expect(parts.sort()).toEqual(fields);
    expect(Object.keys(DeploymentRecord.shape).sort()).toEqual(fields);
    expect(fields.filter((name) => !kept.includes(name))).toEqual([
      'endedAt',
      'error',
      'failure',
      'message',
      'provisional',
      'serviceOutcome',
      'steps',
      'taskDefinition',
    ]);
  });

  it('says nothing of a run before that never came to an end', () => {
    expect(open(record(), 1).runs).toEqual([]);
  });
});
