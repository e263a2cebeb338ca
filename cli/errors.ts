import { type ExitCode, exitCodes } from './exit-codes.ts';

interface Options {
  exitCode: ExitCode;
  /** What to do about it, a sentence. */
  remedy?: string | undefined;
  /** Asking again later may help. */
  mayPass?: boolean;
}

/** The one class of errors that the command shows: what happened by name, why, what to do, and the exit code. */
export class CliError extends Error {
  readonly title: string;
  readonly remedy: string | undefined;
  readonly exitCode: ExitCode;
  readonly mayPass: boolean;

  constructor(title: string, detail: string, { exitCode, remedy, mayPass = false }: Options) {
    super(detail);
    this.title = title;
    this.remedy = remedy;
    this.exitCode = exitCode;
    this.mayPass = mayPass;
  }
}

/** The API cannot be reached: asking again may help. */
export class Unreachable extends CliError {}

export const usageError = (detail: string, remedy?: string) =>
  new CliError('Usage', detail, { exitCode: exitCodes.usage, remedy });
