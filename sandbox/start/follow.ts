import { setTimeout as pause } from 'node:timers/promises';
import type { Build } from '@aws-sdk/client-codebuild';
import { namePushExecution } from '#lib/deployment/naming.ts';
import { createBuildWatch } from './builds.ts';
import { createRunWatch, type Ended } from './runs.ts';
import type { Screen } from './screen.ts';

/** How often the terminal asks: often enough to look live, seldom enough not to slow what it watches. */
const INTERVAL = 250;
/** So many looks for the execution of a finished build, about a quarter of a minute, before it is given up. */
const MOST_LOOKS = 60;

export interface FollowOptions {
  /** Where and as whom: an ordinary SDK client's configuration. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  stateMachine: string;
  screen: Screen;
  signal: AbortSignal;
}

/** A run of a deployment that has ended, with the build that it came of, or a build of which nothing came. */
export type Followed =
  | ({ build?: Build } & Ended)
  | { build: Build; execution?: undefined; states?: undefined };

/** Follows whatever is built and deployed, whoever began it, as anybody could with the SDK. */
export async function* follow(options: FollowOptions): AsyncGenerator<Followed> {
  const { client, stateMachine, screen, signal } = options;
  const builds = createBuildWatch(client, screen);
  const runs = createRunWatch(client, stateMachine, screen);
  /** Builds that succeeded, by the name of the execution that each starts. */
  const succeeded = new Map<string, { build: Build; looks: number }>();
  while (!signal.aborted) {
    for (const build of await builds.look()) {
      if (build.buildStatus === 'SUCCEEDED')
        succeeded.set(executionNameOf(build, stateMachine), { build, looks: 0 });
      else yield { build };
    }
    for (const ended of await runs.look()) {
      const build = succeeded.get(ended.execution.name ?? '')?.build;
      yield { ...(build && { build }), ...ended };
    }
    for (const [name, entry] of succeeded) {
      entry.looks += 1;
      if (entry.looks === MOST_LOOKS && !runs.hasSeen(name)) yield { build: entry.build };
    }
    await pause(INTERVAL, undefined, { signal }).catch(() => undefined);
  }
}

/** What the execution of a finished build is named after: service, commit and number. */
function executionNameOf(build: Build, stateMachine: string): string {
  const { id = '', projectName = '', resolvedSourceVersion: commit = '', buildNumber: number = 0 } = build;
  const service = projectName.slice(stateMachine.length + 1);
  return namePushExecution(service, { commit, digest: '', build: { id, number, startedAt: 0 } });
}
