import { createLogUpdate } from 'log-update';
import type { Context } from './context.ts';
import type { Style } from './render/style.ts';

/** How something that goes on is shown, as one knows it at one moment. */
export interface View<Moment> {
  /** All of it, so many columns wide, to be drawn over what was drawn before. `mark` is the spinner's. */
  picture(
    moment: Moment,
    tick: { now: number; mark: string; columns?: number | undefined },
    style: Style,
  ): string;
  /** What is new since the moment before, as lines that stay. */
  news(before: Moment | undefined, moment: Moment, now: number, style: Style): string[];
}

/** Where it is shown. */
export interface Display<Moment> {
  show(moment: Moment): void;
  /** What was shown last stays. */
  end(): void;
}

/** A picture on a terminal, lines in a log, and nothing beside JSON. */
export function displayOn<Moment>(context: Context, view: View<Moment>): Display<Moment> {
  if (context.isJson) return { show: () => undefined, end: () => undefined };
  return context.io.err.isTTY ? createPicture(context, view) : createLog(context, view);
}

const FRAMES = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const FRAME = 100;

/** Redrawn in place, ten times a second for the spinner and the timings. */
function createPicture<Moment>({ io, screen, errStyle }: Context, view: View<Moment>): Display<Moment> {
  const draw = createLogUpdate(screen as NodeJS.WriteStream);
  let last: { moment: Moment } | undefined;
  let frame = 0;
  const redraw = () => {
    const mark = FRAMES[frame++ % FRAMES.length] ?? '…';
    if (last !== undefined)
      draw(view.picture(last.moment, { now: io.now(), mark, columns: io.err.columns }, errStyle));
  };
  const timer = setInterval(redraw, FRAME);
  return {
    show(moment) {
      last = { moment };
      redraw();
    },
    end() {
      clearInterval(timer);
      draw.done();
      io.err.write('\n');
    },
  };
}

function createLog<Moment>({ io, errStyle, say }: Context, view: View<Moment>): Display<Moment> {
  let before: Moment | undefined;
  return {
    show(moment) {
      for (const line of view.news(before, moment, io.now(), errStyle)) say(line);
      before = moment;
    },
    end: () => undefined,
  };
}
