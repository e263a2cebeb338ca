import { phaseRecorder } from './build/phases.ts';
import { runBuild } from './build/run-build.ts';
import { emitStateChange } from './events.ts';
import type { CodeBuildSurroundings } from './needs.ts';
import type { BuildEntry, WebhookTrigger } from './state.ts';

interface Waiting {
  entry: BuildEntry;
  webhook: WebhookTrigger | undefined;
  /** The build's turn has come, or it was stopped before. */
  proceed: () => void;
}

export interface Scheduler {
  submit(entry: BuildEntry, webhook?: WebhookTrigger): void;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
}

/** Runs builds in the order they came, a few at a time. */
export function createScheduler(surroundings: CodeBuildSurroundings): Scheduler {
  const { context, options } = surroundings;
  const running = new Set<Promise<void>>();
  const waiting: Waiting[] = [];
  let slots = options.concurrentBuilds;

  const next = () => {
    while (slots > 0 && waiting.length > 0) {
      slots -= 1;
      waiting.shift()?.proceed();
    }
  };

  async function turn(entry: BuildEntry, webhook: WebhookTrigger | undefined): Promise<boolean> {
    return await new Promise((resolve) => {
      const place: Waiting = { entry, webhook, proceed: () => resolve(true) };
      waiting.push(place);
      entry.abort.signal.addEventListener('abort', () => {
        const position = waiting.indexOf(place);
        if (position === -1) return;
        waiting.splice(position, 1);
        resolve(false);
      });
      next();
    });
  }

  async function run(entry: BuildEntry, webhook: WebhookTrigger | undefined): Promise<void> {
    const { build, abort } = entry;
    const phases = phaseRecorder(context, build, () => {});
    emitStateChange(context, build);
    await phases.run('SUBMITTED', () => {});
    let hasSlot = false;
    await phases.run('QUEUED', async () => {
      hasSlot = await turn(entry, webhook);
      if (!hasSlot) throw abort.signal.reason;
    });
    try {
      await runBuild(surroundings, entry, webhook);
    } finally {
      if (hasSlot) slots += 1;
      next();
    }
  }

  return {
    submit(entry, webhook) {
      const build = run(entry, webhook).catch((error) => {
        context.debug(`codebuild: ${error instanceof Error ? error.stack : error}`);
      });
      running.add(build);
      void build.finally(() => running.delete(build));
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
