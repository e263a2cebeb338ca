import type { Json } from '../../json.ts';
import { StateError } from '../errors.ts';
import type { Frame, Line } from '../frame.ts';
import type { Cursor } from '../history.ts';
import { startProgress } from '../progress.ts';
import { iterationInput } from './map-items.ts';
import { type RunLine, runTogether } from './together.ts';

export interface MapLimits {
  concurrency: number;
  toleratedCount: number;
  toleratedPercentage: number;
}

/** Runs the iterations that have not ended well yet, and gives all outputs in order. */
export async function runIterations(frame: Frame, limits: MapLimits, runLine: RunLine): Promise<Json[]> {
  const { line } = frame;
  const { items = [], lines = [] } = line.progress.children ?? {};
  const failures = new Map<number, StateError>();
  const cursors: Cursor[] = [];
  await runTogether(frame, items.length, limits.concurrency, async (index, signal, slot) => {
    if (lines[index]?.done) return;
    cursors[slot] ??= line.cursor.fork();
    try {
      await iterate(frame, { index, signal, cursor: cursors[slot] }, runLine);
    } catch (error) {
      if (!(error instanceof StateError) || signal.aborted) throw error;
      failures.set(index, error);
      refuseTooMany(failures, limits, items.length);
    }
  });
  return items.map((_, index) => {
    const failure = failures.get(index);
    if (failure) return { Error: failure.error ?? '', Cause: failure.reason ?? '' };
    return lines[index]?.output ?? null;
  });
}

async function iterate(
  frame: Frame,
  place: { index: number; signal: AbortSignal; cursor: Cursor },
  runLine: RunLine,
): Promise<void> {
  const { line, name } = frame;
  const { index, signal, cursor } = place;
  const { items = [], lines = [] } = line.progress.children ?? {};
  const value = items[index] ?? null;
  const details = { index, name };
  if (lines[index] === undefined) {
    const input = await iterationInput(frame, index, value);
    signal.throwIfAborted();
    cursor.advance('MapIterationStarted', { mapIterationStartedEventDetails: details });
    const block = frame.state.ItemProcessor ?? frame.state.Iterator;
    lines[index] = startProgress(block?.StartAt ?? '', input, line.progress.variables);
  }
  try {
    await runLine(iterationLine(frame, place, { index, value }));
    // The next iteration of this slot names the event before this one; the end of the Map names this one.
    line.cursor.previous = cursor.note('MapIterationSucceeded', {
      mapIterationSucceededEventDetails: details,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    cursor.note('MapIterationFailed', { mapIterationFailedEventDetails: details });
    line.cursor.previous = cursor.previous;
    throw error;
  }
}

function iterationLine(
  frame: Frame,
  { index, signal, cursor }: { index: number; signal: AbortSignal; cursor: Cursor },
  mapItem: { index: number; value: Json },
): Line {
  const { line } = frame;
  const block = frame.state.ItemProcessor ?? frame.state.Iterator;
  const progress = line.progress.children?.lines[index];
  if (block === undefined || progress === undefined) throw new Error(`Iteration ${index} has not begun`);
  return { ...line, block, progress, signal, cursor, mapItem };
}

/** Without any tolerance the iteration's own failure is the Map's. */
function refuseTooMany(failures: Map<number, StateError>, limits: MapLimits, total: number): void {
  const { toleratedCount, toleratedPercentage } = limits;
  const [first] = failures.values();
  if (toleratedCount === 0 && toleratedPercentage === 0 && first) throw first;
  const byCount = toleratedCount > 0 && failures.size > toleratedCount;
  const byPercentage = toleratedPercentage > 0 && (failures.size / total) * 100 > toleratedPercentage;
  if (byCount || byPercentage) {
    throw new StateError(
      'States.ExceedToleratedFailureThreshold',
      'The specified tolerated failure threshold was exceeded',
    );
  }
}
