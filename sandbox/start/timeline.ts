import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** One state of an execution, as a line on the terminal. */
export interface StateLine {
  name: string;
  seconds: number;
  /** What a Task failed with before the machine caught it. */
  error?: string;
}

const entered = (event: HistoryEvent) => event.stateEnteredEventDetails?.name;
const exited = (event: HistoryEvent) => event.stateExitedEventDetails?.name;
const failure = (event: HistoryEvent) =>
  event.taskFailedEventDetails ?? event.lambdaFunctionFailedEventDetails ?? event.executionFailedEventDetails;

/**
 * The states that an execution has been through, in order, with what each took. Choices take no time and are left
 * out; a state that is still running is not listed yet.
 */
export function timeline(events: HistoryEvent[]): StateLine[] {
  const lines: StateLine[] = [];
  let current: { name: string; at: number; error?: string } | undefined;
  for (const event of events) {
    const at = event.timestamp?.getTime() ?? 0;
    const name = entered(event);
    if (name !== undefined && event.type !== 'ChoiceStateEntered') current = { name, at };
    const error = failure(event)?.error;
    if (current !== undefined && error !== undefined) current.error = error;
    const isOver = exited(event) !== undefined || event.type === 'ExecutionFailed';
    if (!isOver || current === undefined) continue;
    const seconds = (at - current.at) / 1000;
    lines.push({
      name: current.name,
      seconds,
      ...(current.error === undefined ? {} : { error: current.error }),
    });
    current = undefined;
  }
  return lines;
}

export function renderStateLine({ name, seconds, error }: StateLine): string {
  return `  ${name.padEnd(24)}${seconds.toFixed(1).padStart(6)} s${error === undefined ? '' : `  ${error}`}`;
}
