import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Step } from './steps.ts';

/** A Task state, with the waits and further looks that follow it. */
interface Turn {
  name: string;
  from: number;
  until: number;
  looks: number;
  isOver: boolean;
  failure?: string;
}

const failureOf = (event: HistoryEvent) =>
  event.taskFailedEventDetails ?? event.lambdaFunctionFailedEventDetails ?? event.executionFailedEventDetails;

/**
 * The states that an execution has been through, in order, with what each took. Choices take no time and are left out.
 * A Wait belongs to the Task before it, and so does that Task's next turn: CheckHealth, which looks until the targets
 * are healthy, is one step. The last step is over when another state has been entered or the execution has ended.
 */
export function timeline(events: HistoryEvent[]): Step[] {
  const turns: Turn[] = [];
  for (const event of events) {
    const at = event.timestamp?.getTime() ?? 0;
    const entered = event.stateEnteredEventDetails?.name;
    if (event.type === 'TaskStateEntered' || event.type === 'SucceedStateEntered') enter(entered ?? '', at);
    const turn = turns.at(-1);
    if (turn === undefined || turn.isOver) continue;
    if (event.stateExitedEventDetails !== undefined && event.type !== 'ChoiceStateExited') turn.until = at;
    const error = failureOf(event)?.error;
    if (error !== undefined) turn.failure = error;
    // A retry that went well: what failed before it is no longer the outcome.
    if (event.type === 'TaskSucceeded' || event.type === 'LambdaFunctionSucceeded') delete turn.failure;
    if (event.type?.startsWith('Execution')) Object.assign(turn, { until: at, isOver: true });
  }
  return turns.map(stepOf);

  function enter(name: string, at: number): void {
    const last = turns.at(-1);
    if (last?.name === name && !last.isOver) {
      last.looks += 1;
      return;
    }
    if (last !== undefined) last.isOver = true;
    turns.push({ name, from: at, until: at, looks: 1, isOver: false });
  }
}

function stepOf({ name, from, until, looks, isOver, failure }: Turn): Step {
  return {
    name,
    ...(isOver ? { seconds: (until - from) / 1000 } : {}),
    ...(looks > 1 ? { looks } : {}),
    ...(failure === undefined ? {} : { failure }),
  };
}
