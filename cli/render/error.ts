import { CliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Style } from './style.ts';

/** The one place where errors become text: the name, why, what to do. Never a stack. */
export function renderError(error: unknown, style: Style): string {
  const { title, detail, remedy } = partsOf(error);
  const advice = remedy === undefined ? [] : [style.dim(remedy)];
  return `${[`${style.red(title)}: ${detail}`, ...advice].join('\n')}\n`;
}

/** The same as one JSON document: the members of a problem (RFC 9457), what to do, and the exit code. */
export const errorDocumentOf = (error: unknown): string => `${JSON.stringify(partsOf(error))}\n`;

function partsOf(error: unknown) {
  if (error instanceof CliError) {
    const { title, message: detail, remedy, exitCode } = error;
    return { title, detail, remedy, exitCode };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    title: 'InternalError',
    detail: `the landfall command is at fault: ${message}`,
    remedy: undefined,
    exitCode: exitCodes.internal,
  };
}
