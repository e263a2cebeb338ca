import { CliError } from '#cli/errors.ts';
import type { Io } from '#cli/terminal/io.ts';

/** An API that does not answer is asked again for so many milliseconds. */
const LONGEST_OUTAGE = 5 * 60_000;

/** Asks once. Undefined where the API does not answer properly; its error once it has not for five minutes. */
export type WaitOutOutage = <Answer>(ask: () => Promise<Answer>) => Promise<Answer | undefined>;

/** `report` gets the trouble when the API stops answering, and undefined when it answers again. */
export function createWaitOutOutage(
  report: (trouble: string | undefined) => void,
  { now }: Pick<Io, 'now'>,
): WaitOutOutage {
  let since: number | undefined;
  return async (ask) => {
    try {
      const answer = await ask();
      if (since !== undefined) report(undefined);
      since = undefined;
      return answer;
    } catch (error) {
      if (!(error instanceof CliError && error.mayPass)) throw error;
      if (since === undefined) report(`The API does not answer; trying again. ${error.message}`);
      since ??= now();
      if (now() - since >= LONGEST_OUTAGE) throw error;
      return undefined;
    }
  };
}
