import { Option } from 'commander';
import type { Context } from '#cli/context.ts';
import { CliError } from '#cli/errors.ts';
import { exitCodes } from '#cli/exit-codes.ts';

export const createYesOption = () => new Option('--yes', 'do not ask; nobody is asked without a terminal');

/** Lets a person confirm what was not named on the command line. Fails with NotConfirmed. */
export async function confirm({ io, isJson }: Context, question: string, yes = false): Promise<void> {
  if (yes || isJson || io.ask === undefined) return;
  const answer = await io.ask(`${question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CliError('NotConfirmed', 'Nothing was changed.', {
    exitCode: exitCodes.failed,
    remedy: 'Answer y, or say --yes on the command line.',
  });
}
