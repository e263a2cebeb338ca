import { CliError } from '../errors.ts';
import type { Style } from './style.ts';

/** The one place where errors become text: the name, why, what to do. Never a stack. */
export function renderError(error: unknown, style: Style): string {
  if (error instanceof CliError) {
    const remedy = error.remedy === undefined ? [] : [style.dim(error.remedy)];
    return `${[`${style.red(error.title)}: ${error.message}`, ...remedy].join('\n')}\n`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `${style.red('InternalError')}: the landfall command is at fault: ${message}\n`;
}
