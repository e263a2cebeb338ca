import { DeploymentDocument, type Failure } from '#lib/deployment/document.ts';
import type { HistoryEvent } from '#lib/deployment/history-event.ts';

/**
 * Executions that ended without HaltDeployment: stopped, timed out, or broken by a defect. What they have done is in
 * the document that the state under way was given, which the execution's history keeps.
 *
 * Example: somebody stops a deployment while its rollout goes on, and redrives it before the event about that end has
 * been handled.
 *
 *     id  type               state           document
 *     41  TaskStateEntered   UpdateService   input: no rollout yet
 *     45  TaskStateExited    UpdateService   output: with the rollout
 *     46  TaskStateEntered   AwaitRollout    input: with the rollout
 *     49  TaskSubmitted
 *     50  ExecutionAborted                                              <- the end of run 0
 *     51  ExecutionRedriven
 *     52  TaskScheduled                                                 <- run 1 is under way
 *
 * 1. eventsUntilEndOf(0) leaves 41 to 50: what came later is not about run 0. They are whole, as 50 is an end.
 * 2. findLastState says AwaitRollout, which is not over. It says where the document is: in one of 46 to 50.
 * 3. findDocument takes the newest of these, the input of 46: ECS is rolling out.
 * 4. markInterrupted adds the failure ExecutionInterrupted at AwaitRollout, as if a Catch had. So whoever asks what the
 *    service runs finds it changed and not rolled back, by the same rules as after any failure.
 *
 * Stopped in the Wait between two looks at the health, the last state is WaitForTargets, and the last Task CheckHealth:
 * the newest document is what the Wait was given.
 */

/** Where a run of an execution ended, in its history. */
export interface LastState {
  /** The state that was entered last, of any type: a redrive goes on from it. */
  state: string;
  /** When. */
  enteredAt: number;
  /** Whether it had come to its own end by then. */
  isOver: boolean;
  /** The events from the last Task's entry to the end of the run, by id: the document is in one of them. */
  from: number;
  to: number;
}

/** A deployment as the end of its execution found it, or of one of its runs. */
export interface Interruption extends Pick<LastState, 'state' | 'enteredAt'> {
  document: DeploymentDocument;
}

/**
 * An execution's events up to the end of one of its runs. A later run may have begun before the event about the end
 * arrives.
 */
export function eventsUntilEndOf(
  redriveCount: number,
  events: readonly HistoryEvent[],
): readonly HistoryEvent[] {
  const redrives = events.flatMap(({ type }, index) => (type === 'ExecutionRedriven' ? [index] : []));
  return events.slice(0, redrives[redriveCount]);
}

const ENDS = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'];

/** Whether these events reach to the end of a run. Nothing does where Step Functions has forgotten all of them. */
export const isWhole = (events: readonly HistoryEvent[]) =>
  events.length === 0 || ENDS.includes(events.at(-1)?.type ?? '');

/** Where these events break off; undefined where no Task was ever entered. */
export function findLastState(events: readonly HistoryEvent[]): LastState | undefined {
  const task = events.findLast(({ type }) => type === 'TaskStateEntered');
  const entered = events.findLastIndex((event) => event.stateEnteredEventDetails !== undefined);
  const { id: from } = task ?? {};
  const to = events.at(-1)?.id;
  if (from === undefined || to === undefined) return undefined;
  return {
    state: events[entered]?.stateEnteredEventDetails?.name ?? '',
    enteredAt: events[entered]?.timestamp?.getTime() ?? 0,
    isOver: events.slice(entered).some((event) => event.stateExitedEventDetails !== undefined),
    from,
    to,
  };
}

/** The newest document among these events: what a state made of it, or else what it was given. */
export function findDocument(events: readonly HistoryEvent[]): DeploymentDocument | undefined {
  for (const { stateEnteredEventDetails, stateExitedEventDetails } of events.toReversed()) {
    const found = parse(stateEnteredEventDetails?.input ?? stateExitedEventDetails?.output);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parse(text: string | undefined): DeploymentDocument | undefined {
  try {
    return DeploymentDocument.safeParse(JSON.parse(text ?? 'null')).data;
  } catch {
    return undefined;
  }
}

/** Names no failure that a state could have: it stands for the end of the execution around it. */
const INTERRUPTED = 'ExecutionInterrupted';
export const isInterruption = ({ error }: Pick<Failure, 'error'>) => error === INTERRUPTED;

const ROLLBACK_STATES = new Set(['RollBackService', 'AwaitRollback']);

/** The document as a Catch would have left it, had there been one for the end of the execution. */
export function markInterrupted(
  document: DeploymentDocument,
  { state, isOver }: Pick<LastState, 'state' | 'isOver'>,
  redriveCount: number,
): DeploymentDocument {
  // By HaltDeployment everything had failed or been done that was going to.
  if (isOver || state === 'HaltDeployment') return document;
  const failure = { state, error: INTERRUPTED, cause: '', redriveCount };
  return ROLLBACK_STATES.has(state) ? { ...document, rollbackFailure: failure } : { ...document, failure };
}
