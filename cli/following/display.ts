import { createLogUpdate } from 'log-update';
import type { Context } from '#cli/context.ts';
import { cutToWidth, sizeOf, type Tick } from '#cli/render/fit.ts';
import { formatClock } from '#cli/render/format.ts';
import type { Style } from '#cli/render/style.ts';
import { makePrintable } from '#cli/terminal/printable.ts';

/** How something that goes on is shown, as one knows it at one moment. */
export interface View<Moment> {
  /** All of it, no larger than the tick says, to be drawn over what was drawn before. */
  picture(moment: Moment, tick: Tick, style: Style): string;
  /** What is new since the moment before, as lines that stay. */
  news(before: Moment | undefined, moment: Moment, now: number, style: Style): string[];
}

/** Where it is shown. */
export interface Display<Moment> {
  show(moment: Moment): void;
  /** What keeps the next moment from being known; undefined when nothing does any more. */
  trouble(text: string | undefined): void;
  /** What was shown last stays. */
  end(): void;
}

/** A picture on a terminal whose size is known, lines in a log, and nothing beside JSON. */
export function createDisplay<Moment>(context: Context, view: View<Moment>): Display<Moment> {
  const { isJson, screen } = context;
  if (isJson) return { show: () => undefined, trouble: () => undefined, end: () => undefined };
  return screen.isTTY && screen.columns && screen.rows
    ? createPicture(context, view)
    : createLog(context, view);
}

const FRAMES = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const FRAME = 100;
/** The lines below the picture that tell of trouble. */
const TROUBLE = 2;

/** Redrawn in place, ten times a second for the spinner and the timings. */
function createPicture<Moment>(context: Context, view: View<Moment>): Display<Moment> {
  const { io, screen, errStyle } = context;
  const draw = createLogUpdate(screen as NodeJS.WriteStream);
  let last: { moment: Moment } | undefined;
  let trouble: string | undefined;
  let frame = 0;
  const redraw = () => {
    const mark = FRAMES[frame++ % FRAMES.length] ?? '…';
    const { columns = 0, rows = 0 } = screen;
    const size = { columns, rows: rows - (trouble === undefined ? 0 : TROUBLE) };
    const parts = [
      ...(last === undefined ? [] : [view.picture(last.moment, { now: io.now(), mark, ...size }, errStyle)]),
      ...(trouble === undefined ? [] : [errStyle.yellow(cutToWidth(trouble, sizeOf(screen).columns))]),
    ];
    draw(makePrintable(parts.join('\n\n')));
  };
  const timer = setInterval(redraw, FRAME);
  return {
    show(moment) {
      last = { moment };
      redraw();
    },
    trouble(text) {
      trouble = text;
      redraw();
    },
    end() {
      clearInterval(timer);
      draw.clear();
      draw.done();
      if (last === undefined) return;
      // What stays is shown in full: a terminal scrolls.
      const whole = { now: io.now(), mark: '…', columns: Infinity, rows: Infinity };
      io.err.write(`${view.picture(last.moment, whole, errStyle)}\n\n`);
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
    trouble(text) {
      if (text !== undefined) say(`${formatClock(io.now())}  ${text}`);
    },
    end: () => undefined,
  };
}
