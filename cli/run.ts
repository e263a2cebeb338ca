import { CommanderError } from 'commander';
import { styleFor } from './context.ts';
import { CliError, usageError } from './errors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { buildProgram } from './program.ts';
import { errorDocumentOf, renderError } from './render/error.ts';
import type { Io } from './terminal/io.ts';
import { makePrintable } from './terminal/printable.ts';

/** Runs the command with these arguments and returns what the process exits with. */
export async function run(args: string[], io: Io): Promise<ExitCode> {
  const isJson = args.includes('--json');
  let exitCode: ExitCode = exitCodes.done;
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  const fail = (error: unknown) => {
    io.err.write(isJson ? errorDocumentOf(error) : makePrintable(renderError(error, styleFor(io.err, io))));
    return error instanceof CliError ? error.exitCode : exitCodes.internal;
  };
  try {
    await buildProgram(io, finish, isJson).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return fail(error);
    if (error.exitCode === 0) return exitCodes.done;
    // Commander has said it already, except as JSON.
    return isJson ? fail(usageError(error.message.replace(/^error: /, ''))) : exitCodes.usage;
  }
}
