import { describe, expect, it } from '@jest/globals';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import {
  eventsUntilEndOf,
  findDocument,
  findLastState,
  isInterruption,
  isWhole,
  markInterrupted,
} from '#lib/deployment/ending/interruption.ts';
import { serviceOutcomeOf } from '#lib/deployment/ending/service-outcome-of.ts';
import type { HistoryEvent } from '#lib/deployment/history-event.ts';
import { document, lastKnownGood, NOON, OURS, revision } from '../fixtures.ts';
import { failure } from './failed.ts';

const before = document({ lastKnownGood: lastKnownGood() });
const rollout = { deploymentId: OURS, taskDefinition: revision(7), startedAt: NOON, deadline: NOON + 60_000 };
const after = { ...before, rollout };

const event = (id: number, type: string, rest: HistoryEvent = {}): HistoryEvent => ({
  id,
  type,
  timestamp: new Date(NOON + id),
  ...rest,
});
const entered = (id: number, name: string, given: DeploymentDocument, type = 'TaskStateEntered') =>
  event(id, type, { stateEnteredEventDetails: { name, input: JSON.stringify(given) } });
const exited = (id: number, made: DeploymentDocument) =>
  event(id, 'TaskStateExited', { stateExitedEventDetails: { output: JSON.stringify(made) } });

/** The history in the comment of lib/deployment/ending/interruption.ts. */
const history = [
  entered(41, 'UpdateService', before),
  exited(45, after),
  entered(46, 'AwaitRollout', after),
  event(49, 'TaskSubmitted'),
  event(50, 'ExecutionAborted'),
  event(51, 'ExecutionRedriven'),
  event(52, 'TaskScheduled'),
];

const idsOf = (events: readonly HistoryEvent[]) => events.map(({ id }) => id);

describe('an execution that was stopped in its rollout and redriven at once', () => {
  const run = eventsUntilEndOf(0, history);

  it('is read up to the end of the run that the event is about', () => {
    expect(idsOf(run)).toEqual([41, 45, 46, 49, 50]);
    expect(idsOf(eventsUntilEndOf(1, history))).toEqual(idsOf(history));
  });

  it('is whole for that run, and not yet for the next', () => {
    expect([isWhole(run), isWhole(eventsUntilEndOf(1, history))]).toEqual([true, false]);
  });

  it('broke off in AwaitRollout, whose entry and later events have the document', () => {
    expect(findLastState(run)).toEqual({
      state: 'AwaitRollout',
      enteredAt: NOON + 46,
      isOver: false,
      from: 46,
      to: 50,
    });
    expect(findDocument(run)).toEqual(after);
  });

  it('has left the service changed and not rolled back', () => {
    const marked = markInterrupted(after, { state: 'AwaitRollout', isOver: false }, 0);

    expect(marked).toEqual({
      ...after,
      failure: { state: 'AwaitRollout', error: 'ExecutionInterrupted', cause: '', redriveCount: 0 },
    });
    expect(serviceOutcomeOf(marked)).toBe('CHANGED');
  });
});

describe('an execution that was stopped', () => {
  it('between two looks at the health broke off in the Wait, with the document of CheckHealth', () => {
    const health = { verdict: 'waiting' as const, consecutive: 0, deadline: NOON + 60_000 };
    const looked = { ...after, health };
    const run = [
      entered(60, 'CheckHealth', after),
      exited(64, looked),
      entered(65, 'Healthy', looked, 'ChoiceStateEntered'),
      event(66, 'ChoiceStateExited', { stateExitedEventDetails: { output: JSON.stringify(looked) } }),
      entered(67, 'WaitForTargets', looked, 'WaitStateEntered'),
      event(68, 'ExecutionAborted'),
    ];

    expect(findLastState(run)).toMatchObject({ state: 'WaitForTargets', isOver: false, from: 60, to: 68 });
    expect(findDocument(run)).toEqual(looked);
  });

  it('before any Task began has no last state', () => {
    expect(findLastState([event(1, 'ExecutionStarted'), event(2, 'ExecutionAborted')])).toBeUndefined();
  });

  it('and that Step Functions has forgotten has nothing to wait for', () => {
    expect(isWhole([])).toBe(true);
  });

  it('in its way back has a rollback that failed', () => {
    const failed = { state: 'AwaitRollout', error: 'RolloutTimedOut', cause: '', redriveCount: 0 };
    const marked = markInterrupted(
      { ...after, failure: failed },
      { state: 'AwaitRollback', isOver: false },
      0,
    );

    expect(marked.failure).toEqual(failed);
    expect(marked.rollbackFailure).toMatchObject({ state: 'AwaitRollback', error: 'ExecutionInterrupted' });
  });

  it.each([
    ['in HaltDeployment', { state: 'HaltDeployment', isOver: false }],
    ['once its last state was over', { state: 'CompleteDeployment', isOver: true }],
  ])('%s has a document that says all', (_, last) => {
    expect(markInterrupted(after, last, 0)).toBe(after);
  });
});

describe('the events of a run', () => {
  it.each(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'])(
    'are whole once they reach to %s',
    (type) => {
      expect(isWhole([event(1, 'ExecutionStarted'), event(2, type)])).toBe(true);
      expect(isWhole([event(1, 'ExecutionStarted'), event(2, type), event(3, 'TaskScheduled')])).toBe(false);
    },
  );
});

describe('the newest document of a history', () => {
  it('is none where nothing in it is a document', () => {
    const text = event(1, 'TaskStateExited', { stateExitedEventDetails: { output: 'not JSON' } });
    const other = event(2, 'TaskStateExited', {
      stateExitedEventDetails: { output: '{"service":"webapp"}' },
    });

    expect(findDocument([text, other])).toBeUndefined();
    expect(findDocument([])).toBeUndefined();
  });
});

describe('an interruption', () => {
  it('is told from a failure that a state has met', () => {
    const { failure: interruption } = markInterrupted(before, { state: 'AwaitRollout', isOver: false }, 0);

    expect(isInterruption(interruption ?? failure())).toBe(true);
    expect(isInterruption(failure())).toBe(false);
  });
});
