import { describe, expect, it } from '@jest/globals';
import { closeRun, closeRunProvisionally, keepHistory } from '#lib/deployment/record/close-run.ts';
import { openRun } from '#lib/deployment/record/open-run.ts';
import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import type { RunResult } from '#lib/deployment/run-result.ts';
import { document, NOON } from '../fixtures.ts';
import { ended, record, recordedFailure, steps } from './fixtures.ts';

const LATER = NOON + 3_600_000;
const failed = (redriveCount: number): RunResult => ({
  status: 'FAILED',
  redriveCount,
  serviceOutcome: 'ROLLED_BACK',
  error: 'RolloutCrashLoop',
  message: 'It crashed.',
});
const aborted = (redriveCount: number): RunResult => ({
  status: 'ABORTED',
  redriveCount,
  message: 'Stopped.',
});

/** The record without the fields that are undefined: the table keeps none of them. */
const stored = (item: DeploymentRecord | undefined) => JSON.parse(JSON.stringify(item, replaceSet));
const replaceSet = (_: string, value: unknown) => (value instanceof Set ? [...value] : value);

describe('the end of a run', () => {
  it('closes the record that is open for it', () => {
    const { item, isFirst } = closeRun(record(), failed(0), LATER);

    expect(isFirst).toBe(true);
    expect(item).toEqual({ ...record(), ...failed(0), endedAt: LATER, resultsCounted: new Set([0]) });
  });

  it('closes the record of a run that was redriven, and keeps when that began and what was counted', () => {
    const open = record({
      redriveCount: 1,
      redrivenAt: NOON + 1,
      resultsCounted: new Set([0]),
      stepsCounted: new Set([0]),
      runs: [{ redriveCount: 0, status: 'ABORTED' }],
    });

    const { item, isFirst } = closeRun(open, failed(1), LATER);

    expect(isFirst).toBe(true);
    expect(item).toEqual({ ...open, ...failed(1), endedAt: LATER, resultsCounted: new Set([0, 1]) });
  });

  it('has been reported where the event about it comes twice: nothing changes', () => {
    const { item } = closeRun(record(), failed(0), LATER);

    const again = closeRun(item, aborted(0), LATER + 1);

    expect(again.isFirst).toBe(false);
    expect(again.item).toBe(item);
  });

  it('takes the place of a provisional one, with nothing of that left', () => {
    const { item: provisional } = closeRunProvisionally(record(), { ...aborted(0), error: 'Aborted' }, NOON);

    const { item, isFirst } = closeRun(
      provisional,
      { status: 'SUCCEEDED', redriveCount: 0, taskDefinition: 'webapp:7' },
      LATER,
    );

    expect(isFirst).toBe(true);
    expect(stored(item)).toEqual(
      stored({
        ...record(),
        status: 'SUCCEEDED',
        taskDefinition: 'webapp:7',
        endedAt: LATER,
        resultsCounted: new Set([0]),
      }),
    );
  });

  it('that was redriven into the midst of the machine, where no state opened the record, moves the run before', () => {
    const before = ended();

    const { item, isFirst } = closeRun(before, aborted(1), LATER);

    expect(isFirst).toBe(true);
    expect(item).toMatchObject({
      status: 'ABORTED',
      redriveCount: 1,
      endedAt: LATER,
      resultsCounted: new Set([0, 1]),
      runs: [{ redriveCount: 0, status: 'FAILED', failure: recordedFailure }],
    });
    // What the run before went through is not how this one went.
    for (const name of ['steps', 'failure', 'error', 'serviceOutcome'])
      expect(stored(item)).not.toHaveProperty(name);
  });

  it('that is told once a later run is under way goes to the former runs, and leaves that run alone', () => {
    const open = record({ redriveCount: 1, redrivenAt: NOON + 5 });

    const { item, isFirst } = closeRun(open, failed(0), LATER);

    expect(isFirst).toBe(true);
    expect(item).toEqual({
      ...open,
      resultsCounted: new Set([0]),
      // It was over by the time that the next one began.
      runs: [{ ...failed(0), endedAt: NOON + 5 }],
    });
  });

  it('that is told once a later run is over takes the place of its own provisional result among the former runs', () => {
    const { item: provisional } = closeRunProvisionally(record(), aborted(0), NOON + 1);
    const redriven = openRun(provisional, document(), { execution: 'e', redriveCount: 1 }, NOON + 2);
    const { item: over } = closeRun(redriven, failed(1), NOON + 3);

    const { item, isFirst } = closeRun(over, { ...aborted(0), serviceOutcome: 'CHANGED' }, LATER);

    expect(isFirst).toBe(true);
    expect(item).toMatchObject({ status: 'FAILED', redriveCount: 1, resultsCounted: new Set([0, 1]) });
    expect(item?.runs).toEqual([{ ...aborted(0), serviceOutcome: 'CHANGED', endedAt: NOON + 2 }]);
    expect(closeRun(item, aborted(0), LATER).isFirst).toBe(false);
  });

  it('of a deployment without a record leaves none', () => {
    expect(closeRun(undefined, failed(0), LATER)).toEqual({ item: undefined, isFirst: false });
  });
});

describe('a run that is found over', () => {
  it('has its record closed until its result is reported, and counts as not reported', () => {
    const { item } = closeRunProvisionally(record(), aborted(0), LATER);

    expect(item).toEqual({ ...record(), ...aborted(0), endedAt: LATER, provisional: true });
  });

  it('has its record closed also where it never opened it', () => {
    const { item } = closeRunProvisionally(record(), aborted(1), LATER);

    expect(item).toMatchObject({ status: 'ABORTED', redriveCount: 1, provisional: true });
  });

  it.each([
    ['is closed', 0, ended()],
    [
      'is closed provisionally: the first finding stands',
      0,
      record({ status: 'ABORTED', provisional: true }),
    ],
    ['is open for a later run', 0, record({ redriveCount: 1 })],
    ['was never written', 0, undefined],
  ])('leaves the record as it is where it %s', (_, redriveCount, before) => {
    expect(closeRunProvisionally(before, aborted(redriveCount), LATER).item).toBe(before);
  });
});

describe('the history of a run', () => {
  const history = { steps, failure: recordedFailure };

  it('is kept with the record of the run that is over, and its steps count once', () => {
    const { item: closed } = closeRun(record(), failed(0), LATER);

    const kept = keepHistory(closed, 0, history);

    expect(kept).toEqual({ item: { ...closed, ...history, stepsCounted: new Set([0]) }, isFirst: true });
    expect(keepHistory(kept.item, 0, history)).toEqual({ item: kept.item, isFirst: false });
  });

  it('shows no failure of an earlier attempt to read it where it has none', () => {
    const { item } = keepHistory(ended(), 0, { steps, failure: undefined });

    expect(stored(item)).not.toHaveProperty('failure');
  });

  it.each([
    ['under way', record({ redriveCount: 1 })],
    ['over', ended({ redriveCount: 1, stepsCounted: new Set([]) })],
    ['not on record yet, and this one open', record()],
  ])('is not kept once a later run is %s, but its steps count', (_, before) => {
    expect(keepHistory(before, 0, history)).toEqual({
      item: { ...before, stepsCounted: new Set([0]) },
      isFirst: true,
    });
  });

  it('that comes again after a later run has begun changes nothing', () => {
    const before = record({ redriveCount: 1, stepsCounted: new Set([0]) });

    const kept = keepHistory(before, 0, history);

    expect(kept.item).toBe(before);
    expect(kept.isFirst).toBe(false);
  });

  it('of a deployment without a record is not kept', () => {
    expect(keepHistory(undefined, 0, history)).toEqual({ item: undefined, isFirst: false });
  });
});
