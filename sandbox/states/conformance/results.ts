import type { Callback, TaskCall, TaskPort } from '../interpreter/environment.ts';
import { StateError } from '../interpreter/errors.ts';
import type { JsonObject } from '../json.ts';
import { detailsOf, type RecordedEvent, type Recording, textOf } from './recording.ts';

/** What one attempt at a Task came to. */
interface Attempt {
  submitted?: JsonObject;
  outcome?: RecordedEvent;
}

/**
 * Stands for the world: gives each Task the results that the recording has for its state, in order. Sorted
 * results do not tell their owner: whoever asks is given the next one in `order`.
 */
export function recordedTasks(recording: Recording, order: number[] = []): TaskPort {
  const attempts = attemptsByState(recording);
  const sorted = attempts.get(SORTED) ?? [];
  attempts.set(
    SORTED,
    sorted.map((attempt, index) => sorted[order[index] ?? index] ?? attempt),
  );
  const pending = new Map<string, Attempt>();
  return {
    invoke(call) {
      const queue = attempts.get(call.stateName) ?? attempts.get(SORTED) ?? [];
      const attempt = queue.shift() ?? {};
      if (call.kind !== 'invoke.waitForTaskToken') return answer(attempt.outcome, call);
      pending.set(call.stateName, attempt);
      return attempt.submitted
        ? Promise.resolve(textOf(attempt.submitted.output))
        : answer(attempt.outcome, call);
    },
    openCallback(stateName) {
      return callback(() => pending.get(stateName)?.outcome);
    },
  };
}

const SORTED = '[0]';

/** The orders in which sorted results may have come; only the recorded one where trying them all would take too long. */
export function possibleOrders(recording: Recording): number[][] {
  const count = attemptsByState(recording).get(SORTED)?.length ?? 0;
  const indices = Array.from({ length: count }, (_, index) => index);
  return count > MOST_PERMUTED ? [indices] : permutations(indices);
}

const MOST_PERMUTED = 5;

function permutations(items: number[]): number[][] {
  if (items.length < 2) return [items];
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}

function attemptsByState({ events }: Recording): Map<string, Attempt[]> {
  const byId = new Map(events.map((event) => [event.id, event]));
  const attempts = new Map<string, Attempt[]>();
  for (const event of events) {
    if (!/^(Task|LambdaFunction)(Submitted|Succeeded|Failed|TimedOut)$/.test(event.type)) continue;
    const owner = typeof event.id === 'number' ? ownerOf(event, byId) : SORTED;
    const queue = attempts.get(owner) ?? [];
    attempts.set(owner, queue);
    const open = queue.at(-1);
    if (event.type === 'TaskSubmitted') queue.push({ submitted: detailsOf(event) });
    else if (open?.submitted && !open.outcome) open.outcome = event;
    else queue.push({ outcome: event });
  }
  return attempts;
}

/** Goes back from event to event to the one that entered the state. */
function ownerOf(event: RecordedEvent, byId: Map<number | string, RecordedEvent>): string {
  let at: RecordedEvent | undefined = event;
  while (at && at.type !== 'TaskStateEntered') {
    at = at.previousEventId === undefined ? undefined : byId.get(at.previousEventId);
  }
  return at ? String(detailsOf(at).name) : SORTED;
}

/** The recorded outcome; where there is none, or it is a timeout, nothing ever comes. */
function answer(event: RecordedEvent | undefined, call: Pick<TaskCall, 'signal'>): Promise<string> {
  const outcome = settled(event);
  return (
    outcome ??
    new Promise((_, reject) => {
      call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true });
    })
  );
}

function settled(event: RecordedEvent | undefined): Promise<string> | undefined {
  if (event === undefined || event.type.endsWith('TimedOut')) return undefined;
  const { output, error, cause } = detailsOf(event);
  if (event.type.endsWith('Succeeded')) return Promise.resolve(textOf(output));
  const text = (value: typeof error) => (value === undefined ? undefined : textOf(value));
  return Promise.reject(new StateError(text(error), text(cause)));
}

function callback(outcome: () => RecordedEvent | undefined): Callback {
  return {
    token: '<task-token>',
    get settled() {
      return settled(outcome()) ?? new Promise<string>(() => undefined);
    },
    onHeartbeat: () => undefined,
    close: () => undefined,
  };
}
