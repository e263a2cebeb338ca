import { describe, expect, it } from '@jest/globals';
import {
  eventsUntilEndOf,
  findDocument,
  findLastState,
  isInterruption,
  isWhole,
  markInterrupted,
} from '#lib/deployment/ending/interruption.ts';
import type { HistoryEvent } from '#lib/deployment/history-event.ts';
import { document, NOON } from '../fixtures.ts';
import { failure } from './failed.ts';

/** Events with ids from 1 on, a second apart. */
const history = (...events: HistoryEvent[]): HistoryEvent[] =>
  events.map((event, index) => ({ id: index + 1, timestamp: new Date(NOON + index * 1_000), ...event }));

const entered = (name: string, type = 'TaskStateEntered', input?: object): HistoryEvent => ({
  type,
  stateEnteredEventDetails: { name, input: input && JSON.stringify(input) },
});
const exited = (type = 'TaskStateExited', output?: object): HistoryEvent => ({
  type,
  stateExitedEventDetails: { output: output && JSON.stringify(output) },
});
const types = (events: readonly HistoryEvent[]) => events.map(({ type }) => type);

describe('the events of a run', () => {
  const events = history(
    { type: 'ExecutionStarted' },
    { type: 'ExecutionAborted' },
    { type: 'ExecutionRedriven' },
    { type: 'ExecutionFailed' },
    { type: 'ExecutionRedriven' },
    { type: 'TaskScheduled' },
  );

  it('are those up to the redrive after it', () => {
    expect(types(eventsUntilEndOf(0, events))).toEqual(['ExecutionStarted', 'ExecutionAborted']);
    expect(types(eventsUntilEndOf(1, events))).toEqual(types(events.slice(0, 4)));
    expect(eventsUntilEndOf(2, events)).toEqual(events);
  });

  it.each(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'])(
    'are whole once they reach to %s',
    (type) => {
      expect(isWhole(history({ type: 'ExecutionStarted' }, { type }))).toBe(true);
    },
  );

  it('are not whole while the end is missing, and whole where Step Functions has forgotten all', () => {
    expect(isWhole(events)).toBe(false);
    expect(isWhole([])).toBe(true);
  });
});

describe('where a run broke off', () => {
  it('is the state entered last, with the events from the last Task on', () => {
    const events = history(
      { type: 'ExecutionStarted' },
      entered('ClaimService'),
      exited(),
      entered('UpdateService'),
      { type: 'TaskScheduled' },
      { type: 'ExecutionAborted' },
    );

    expect(findLastState(events)).toEqual({
      state: 'UpdateService',
      enteredAt: NOON + 3_000,
      isOver: false,
      from: 4,
      to: 6,
    });
  });

  it('may be a Choice or a Wait, whose document is that of the Task before it', () => {
    const events = history(entered('CheckHealth'), exited(), entered('WaitForTargets', 'WaitStateEntered'));

    expect(findLastState(events)).toMatchObject({ state: 'WaitForTargets', isOver: false, from: 1, to: 3 });
  });

  it('is over where the state had come to its own end', () => {
    expect(findLastState(history(entered('CompleteDeployment'), exited()))).toMatchObject({ isOver: true });
  });

  it('is nowhere before the first Task', () => {
    expect(findLastState(history({ type: 'ExecutionStarted' }))).toBeUndefined();
    expect(findLastState([])).toBeUndefined();
  });
});

describe('the newest document of a history', () => {
  const given = document({ deployment: 'webapp-given' });
  const made = document({ deployment: 'webapp-made' });

  it('is what the last state made of it, or else what it was given', () => {
    expect(
      findDocument(history(entered('A', 'TaskStateEntered', given), exited('TaskStateExited', made))),
    ).toEqual(made);
    expect(findDocument(history(entered('A', 'TaskStateEntered', given), { type: 'TaskScheduled' }))).toEqual(
      given,
    );
  });

  it('is none where nothing in it is a document', () => {
    const text = { type: 'TaskStateExited', stateExitedEventDetails: { output: 'not JSON' } };

    expect(findDocument(history(text, exited('TaskStateExited', { service: 'webapp' })))).toBeUndefined();
    expect(findDocument([])).toBeUndefined();
  });
});

describe('a deployment whose execution ended around it', () => {
  const interruption = (state: string) => ({
    state,
    error: 'ExecutionInterrupted',
    cause: '',
    redriveCount: 2,
  });

  it('has failed in the state that was under way', () => {
    const marked = markInterrupted(document(), { state: 'AwaitRollout', isOver: false }, 2);

    expect(marked).toEqual(document({ failure: interruption('AwaitRollout') }));
    expect(isInterruption(marked.failure ?? failure())).toBe(true);
    expect(isInterruption(failure())).toBe(false);
  });

  it.each(['RollBackService', 'AwaitRollback'])('keeps its own failure where %s was under way', (state) => {
    const failed = document({ failure: failure() });

    expect(markInterrupted(failed, { state, isOver: false }, 2)).toEqual({
      ...failed,
      rollbackFailure: interruption(state),
    });
  });

  it('is as it was where nothing more was going to fail', () => {
    const failed = document({ failure: failure() });

    expect(markInterrupted(failed, { state: 'HaltDeployment', isOver: false }, 2)).toBe(failed);
    expect(markInterrupted(failed, { state: 'AwaitRollout', isOver: true }, 2)).toBe(failed);
  });
});
