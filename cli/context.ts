import type { Command } from 'commander';
import pc from 'picocolors';
import { type Api, createApi } from './client/api.ts';
import { type Connection, type ConnectionOptions, connect } from './client/connection.ts';
import { createSend } from './client/request.ts';
import type { Style } from './render/style.ts';
import type { Io, Output } from './terminal/io.ts';
import { makePrintable } from './terminal/printable.ts';

/** The options that every command takes. */
export interface GlobalOptions extends ConnectionOptions {
  json?: boolean;
}

/** What a command works with. */
export interface Context {
  /** What is written here for people is made printable. */
  io: Io;
  /** The terminal behind `io.err`, for whoever moves its cursor. */
  screen: Output;
  api: Api;
  isSandbox: boolean;
  isJson: boolean;
  /** For what goes to stdout, and to stderr. */
  style: Style;
  errStyle: Style;
  /** Data: the answer as JSON where that is asked for, else its rendering. */
  print(answer: unknown, render: () => string): void;
  /** Progress and advice: a line on stderr, none beside JSON. */
  say(line: string): void;
}

export async function createContext(command: Command, given: Io): Promise<Context> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const connection = await connect(options, given);
  const isJson = options.json ?? false;
  const io = isJson ? given : { ...given, out: forPeople(given.out), err: forPeople(given.err) };
  const errStyle = styleFor(io.err, io);
  const say = (line: string) => {
    if (!isJson) io.err.write(`${line}\n`);
  };
  if (connection.isSandbox) say(errStyle.dim(describeSandbox(connection)));
  return {
    io,
    screen: given.err,
    api: createApi(createSend(connection, io)),
    isSandbox: connection.isSandbox,
    isJson,
    style: styleFor(io.out, io),
    errStyle,
    print: (answer, render) => void io.out.write(isJson ? `${JSON.stringify(answer)}\n` : render()),
    say,
  };
}

/** The same output, whose size may change. */
const forPeople = (output: Output): Output =>
  Object.assign(Object.create(output) as Output, {
    write: (text: string) => output.write(makePrintable(text)),
  });

const describeSandbox = ({ base }: Connection) => `(the sandbox on ${new URL(base).host})`;

/** Colours are for terminals, unless NO_COLOR or FORCE_COLOR says otherwise (no-color.org, force-color.org). */
export function styleFor(output: Io['out'], { env }: Pick<Io, 'env'>): Style {
  if (env.NO_COLOR) return pc.createColors(false);
  return pc.createColors(Boolean(env.FORCE_COLOR) || (output.isTTY === true && env.TERM !== 'dumb'));
}
