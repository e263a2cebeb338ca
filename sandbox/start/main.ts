import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitWith, launch, listeningOptions, readListening } from '#sandbox/launch.ts';
import { follow } from './follow.ts';
import { createProgress } from './progress.ts';
import { createCheckout } from './push.ts';
import { furtherCommands, report } from './report.ts';
import { createScreen } from './screen.ts';
import { createTerminal } from './terminal.ts';

/**
 * `npm start`: packages the application, starts the sandbox, pushes examples/webapp through the whole pipeline, shows
 * it, and stays up for further pushes. `--once` ends after the first: 0 when it is live and has answered.
 */
const { values } = parseArgs({
  options: { ...listeningOptions, once: { type: 'boolean', default: false } },
});

const screen = createScreen(
  createTerminal(process.stdout),
  'Waiting for pushes, redrives and deployments by the API. Ctrl-C stops.',
);
const progress = createProgress(screen);
const stopping = new AbortController();

await main().catch((error: Error) => exitWith(error, stopping.signal));

async function main(): Promise<void> {
  const sandbox = await launch({ ...readListening(values), stopping, progress });
  const remote = (await sandbox.services.git.repository('webapp')).url;
  progress.begin(`pushing examples/webapp to ${remote}`);
  const checkout = await createCheckout(
    join('examples', 'webapp'),
    join(sandbox.context.directory, 'webapp'),
    remote,
  );
  const commit = await checkout.push('Deploy the articles API');
  progress.done(`pushed examples/webapp, commit ${commit.slice(0, 7)}, to ${remote}`);

  let isFirst = true;
  const { signal } = stopping;
  for await (const followed of follow({ client: sandbox, stateMachine: 'landfall-dev', screen, signal })) {
    if (signal.aborted) return;
    const { isLive, text } = await report(sandbox, followed);
    screen.print(text);
    if (values.once) {
      progress.done(isLive ? 'live' : 'not live');
      stopping.abort();
      await sandbox.stop();
      process.exit(isLive ? 0 : 1);
    }
    if (isFirst) screen.print(furtherCommands(sandbox, remote));
    isFirst = false;
  }
}
