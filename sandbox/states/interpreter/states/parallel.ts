import type { Json } from '../../json.ts';
import { withRetryAndCatch } from '../attempts.ts';
import { type Exit, leaveWith, workInput } from '../data/flow.ts';
import type { Frame, Line } from '../frame.ts';
import { startProgress } from '../progress.ts';
import { type RunLine, runTogether } from './together.ts';

/** All branches at once; the first failure ends the others. A redrive runs only the branches that did not end well. */
export function runParallel(frame: Frame, runLine: RunLine): Promise<Exit> {
  const { cursor, progress } = frame.line;
  let resuming = progress.children !== undefined;
  let underWay = false;
  return withRetryAndCatch(
    frame,
    async () => {
      underWay = false;
      if (!resuming) await startBranches(frame);
      resuming = false;
      underWay = true;
      const results = await runBranches(frame, runLine);
      underWay = false;
      cursor.note('ParallelStateSucceeded');
      return leaveWith(frame, results);
    },
    (failure) => {
      if (underWay || failure.handling !== 'none') cursor.advance('ParallelStateFailed');
    },
  );
}

async function startBranches(frame: Frame): Promise<void> {
  const { cursor, progress } = frame.line;
  const input = await workInput(frame);
  frame.signal.throwIfAborted();
  const branches = frame.state.Branches ?? [];
  progress.children = {
    lines: branches.map(({ StartAt }) => startProgress(StartAt, input, progress.variables)),
  };
  cursor.advance('ParallelStateStarted');
}

async function runBranches(frame: Frame, runLine: RunLine): Promise<Json[]> {
  const { line } = frame;
  const blocks = frame.state.Branches ?? [];
  const progresses = line.progress.children?.lines ?? [];
  await runTogether(frame, blocks.length, blocks.length, async (index, signal) => {
    const [block, progress] = [blocks[index], progresses[index]];
    if (block === undefined || progress === undefined || progress.done) return;
    const branch: Line = { ...line, block, progress, signal, cursor: line.cursor.fork() };
    try {
      await runLine(branch);
    } finally {
      if (!signal.aborted) line.cursor.previous = branch.cursor.previous;
    }
  });
  return progresses.map(({ output }) => output ?? null);
}
