import type { Json } from '../../json.ts';
import { withRetryAndCatch } from '../attempts.ts';
import { type Exit, leaveWith } from '../data/flow.ts';
import { countOf } from '../data/numbers.ts';
import type { Frame } from '../frame.ts';
import { itemsOf } from './map-items.ts';
import { type MapLimits, runIterations } from './map-iterations.ts';
import type { RunLine } from './together.ts';

/** AWS runs at most 40 iterations of an inline Map at a time. */
const MOST_CONCURRENT = 40;

/** An inline Map. A redrive runs only the iterations that did not end well. */
export function runMap(frame: Frame, runLine: RunLine): Promise<Exit> {
  const { cursor, progress } = frame.line;
  let resuming = progress.children !== undefined;
  let underWay = false;
  let succeeded = false;
  return withRetryAndCatch(
    frame,
    async () => {
      underWay = false;
      succeeded = false;
      const limits = await limitsOf(frame);
      if (!resuming) await startIterations(frame);
      resuming = false;
      underWay = true;
      const results = await runIterations(frame, limits, runLine);
      underWay = false;
      succeeded = true;
      cursor.note('MapStateSucceeded');
      return leaveWith(frame, results);
    },
    (failure) => {
      if (underWay || (!succeeded && failure.handling !== 'none')) cursor.advance('MapStateFailed');
    },
  );
}

async function limitsOf(frame: Frame): Promise<MapLimits> {
  const concurrency = await countOf(frame, 'MaxConcurrency');
  return {
    concurrency: concurrency === 0 ? MOST_CONCURRENT : Math.min(concurrency, MOST_CONCURRENT),
    toleratedCount: await countOf(frame, 'ToleratedFailureCount'),
    toleratedPercentage: await countOf(frame, 'ToleratedFailurePercentage'),
  };
}

async function startIterations(frame: Frame): Promise<void> {
  const { cursor, progress } = frame.line;
  const items: Json[] = await itemsOf(frame);
  frame.signal.throwIfAborted();
  progress.children = { lines: [], items };
  cursor.advance('MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
}
