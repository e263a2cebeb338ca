import { createLogUpdate } from 'log-update';
import type { Context } from './context.ts';
import { renderNews } from './render/log.ts';
import { renderProgress, type Snapshot } from './render/progress.ts';

/** Where a deployment under way is shown. */
export interface Display {
  show(snapshot: Snapshot): void;
  /** What was shown last stays. */
  end(): void;
}

/** A picture on a terminal, lines in a log, and nothing beside JSON. */
export function displayOn(context: Context): Display {
  if (context.isJson) return { show: () => undefined, end: () => undefined };
  return context.io.err.isTTY ? createPicture(context) : createLog(context);
}

const FRAMES = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const FRAME = 100;

/** Redrawn in place, ten times a second for the spinner and the timings. */
function createPicture({ io, errStyle }: Context): Display {
  const draw = createLogUpdate(io.err as NodeJS.WriteStream);
  let snapshot: Snapshot | undefined;
  let frame = 0;
  const redraw = () => {
    const mark = FRAMES[frame++ % FRAMES.length] ?? '…';
    if (snapshot !== undefined) draw(renderProgress(snapshot, { now: io.now(), mark }, errStyle));
  };
  const timer = setInterval(redraw, FRAME);
  return {
    show(next) {
      snapshot = next;
      redraw();
    },
    end() {
      clearInterval(timer);
      draw.done();
      io.err.write('\n');
    },
  };
}

function createLog({ io, errStyle, say }: Context): Display {
  let before: Snapshot | undefined;
  return {
    show(snapshot) {
      for (const line of renderNews(before, snapshot, io.now(), errStyle)) say(line);
      before = snapshot;
    },
    end: () => undefined,
  };
}
