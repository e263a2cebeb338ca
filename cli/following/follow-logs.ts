import type { Api } from '#cli/client/api.ts';
import type { LogQuery, Logs } from '#cli/client/contract.ts';
import type { WaitOutOutage } from '#cli/client/outage.ts';
import type { Target } from '#cli/client/target.ts';
import { isOver } from '#cli/outcome.ts';
import type { Io } from '#cli/terminal/io.ts';
import type { FollowOptions } from './follow.ts';

/** What a container wrote last shows in CloudWatch Logs a moment after it has stopped. */
const LAST_LOOKS = 5;
/**
 * Milliseconds for each container of a page before the next page is asked for: each is a call to CloudWatch Logs, which
 * answers an account ten a second.
 */
const PAGE_PAUSE = 100;

interface Needs extends Pick<Io, 'pause'> {
  waitOutOutage: WaitOutOutage;
}

/** The last lines, then what is written after them, until nothing of it can write any more or the signal aborts. */
export async function* followLogs(
  api: Api,
  { service, deployment }: Target,
  { limit, container, migration }: LogQuery,
  { interval, signal }: FollowOptions,
  { pause, waitOutOutage }: Needs,
): AsyncGenerator<Logs> {
  let cursor: string | undefined;
  let lastLooks = 0;
  while (!signal.aborted) {
    const most = cursor === undefined ? limit : 1_000;
    const query = { limit: most, container, migration, cursor };
    const answer = await waitOutOutage(() => api.logs(service, deployment, query));
    if (signal.aborted) return;
    if (answer !== undefined) {
      yield answer;
      cursor = answer.nextCursor;
      if (!answer.more) lastLooks = isSilent(answer) ? lastLooks + 1 : 0;
      if (lastLooks > LAST_LOOKS) return;
    }
    await pause(answer?.more ? answer.sources.length * PAGE_PAUSE : interval, signal);
  }
}

const isSilent = (answer: Logs) =>
  isOver(answer) && answer.sources.every(({ lastStatus }) => lastStatus === 'STOPPED' || lastStatus === null);
