import { CommanderError } from 'commander';
import { styleFor } from './context.ts';
import { CliError } from './errors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { buildProgram } from './program.ts';
import { renderError } from './render/error.ts';

/** Runs the command with these arguments and returns what the process exits with. */
export async function run(args: string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = buildProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    io.err.write(renderError(error, styleFor(io.err, io)));
    return error instanceof CliError ? error.exitCode : exitCodes.internal;
  }
}
