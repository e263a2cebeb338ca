import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitWith, launch, listeningOptions, readListening } from '#sandbox/launch.ts';
import { follow } from './follow.ts';
import { createCheckout } from './push.ts';
import { furtherCommands, report } from './report.ts';
import { createTerminal } from './terminal.ts';

/**
 * `npm start`: packages the application, starts the sandbox, pushes examples/webapp through the whole pipeline, shows
 * it, and stays up for further pushes. `--once` ends after the first: 0 when it is live and has answered.
 */
const { values } = parseArgs({
  options: { ...listeningOptions, once: { type: 'boolean', default: false } },
});

const began = performance.now();
const terminal = createTerminal(process.stdout);
const step = (what: string) =>
  terminal.print(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${what}`);
const stopping = new AbortController();

await main().catch((error: Error) => exitWith(error, stopping.signal));

async function main(): Promise<void> {
  const listening = readListening(values);
  const { port } = listening;
  terminal.status('Packaging the application and starting the sandbox …');
  const sandbox = await launch({
    ...listening,
    stopping,
    onPackaged: (reused) =>
      step(reused ? 'packaged before, nothing has changed since' : 'packaged with serverless package'),
  });
  const taken = port === 0 || sandbox.endpoint.endsWith(`:${port}`) ? '' : ` (${port} is taken)`;
  step(`the sandbox listens on ${sandbox.endpoint}${taken}`);

  const remote = (await sandbox.services.git.repository('webapp')).url;
  const checkout = await createCheckout(
    join('examples', 'webapp'),
    join(sandbox.context.directory, 'webapp'),
    remote,
  );
  const commit = await checkout.push('Deploy the articles API');
  step(`pushed examples/webapp, commit ${commit.slice(0, 7)}, to ${remote}`);

  const pushes = follow({
    client: sandbox,
    project: 'landfall-dev-webapp',
    service: 'webapp',
    stateMachine: 'landfall-dev',
    terminal,
    signal: stopping.signal,
  });
  let isFirst = true;
  for await (const followed of pushes) {
    if (stopping.signal.aborted) return;
    const { isLive, text } = await report(sandbox, followed);
    terminal.print(text);
    if (values.once) {
      step(isLive ? 'live' : 'not live');
      stopping.abort();
      await sandbox.stop();
      process.exit(isLive ? 0 : 1);
    }
    terminal.print(isFirst ? furtherCommands(sandbox, remote) : '\nReady for the next push; Ctrl-C stops');
    isFirst = false;
  }
}
