import { CliError } from '#cli/errors.ts';
import type { Io } from '#cli/terminal/io.ts';

/** So long an API that is out of reach, out of order or out of breath is asked again, in milliseconds. */
const OUTAGE = 5 * 60_000;

/** Asks; undefined where the API does not answer properly. Fails with its error when it has not for five minutes. */
export type Patiently = <Answer>(ask: () => Promise<Answer>) => Promise<Answer | undefined>;

/** `tell` is told when the API begins not to answer, and with undefined when it answers again. */
export function createPatience(
  tell: (trouble: string | undefined) => void,
  { now }: Pick<Io, 'now'>,
): Patiently {
  let since: number | undefined;
  return async (ask) => {
    try {
      const answer = await ask();
      if (since !== undefined) tell(undefined);
      since = undefined;
      return answer;
    } catch (error) {
      if (!(error instanceof CliError && error.mayPass)) throw error;
      if (since === undefined) tell(`The API does not answer; trying again. ${error.message}`);
      since ??= now();
      if (now() - since >= OUTAGE) throw error;
      return undefined;
    }
  };
}
