import type { Api } from './api.ts';
import type { LogQuery, Logs } from './contract.ts';
import type { FollowOptions } from './follow.ts';
import type { Io } from './io.ts';
import { isOver } from './outcome.ts';
import type { Target } from './target.ts';

/** What a container wrote last shows in CloudWatch Logs a moment after it has stopped. */
const LAST_LOOKS = 5;

/** The last lines, then what is written after them, until nothing of it can write any more or the signal aborts. */
export async function* followLogs(
  api: Api,
  { service, deployment }: Target,
  { limit, container, migration }: LogQuery,
  { interval, signal }: FollowOptions,
  { pause }: Pick<Io, 'pause'>,
): AsyncGenerator<Logs> {
  let cursor: string | undefined;
  let lastLooks = 0;
  while (!signal.aborted) {
    const most = cursor === undefined ? limit : 1_000;
    const answer = await api.logs(service, deployment, { limit: most, container, migration, cursor });
    if (signal.aborted) return;
    yield answer;
    cursor = answer.nextCursor;
    if (answer.more) continue;
    lastLooks = isSilent(answer) ? lastLooks + 1 : 0;
    if (lastLooks > LAST_LOOKS) return;
    await pause(interval, signal);
  }
}

const isSilent = (answer: Logs) =>
  isOver(answer) && answer.sources.every(({ lastStatus }) => lastStatus === 'STOPPED' || lastStatus === null);
