import { join } from 'node:path';
import { RedriveExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { type Followed, follow } from '#sandbox/start/follow.ts';
import { createCheckout } from '#sandbox/start/push.ts';
import { report } from '#sandbox/start/report.ts';
import type { Screen } from '#sandbox/start/screen.ts';
import type { Stage } from './scenario.ts';

/** Sets the stage for scenarios: what `npm start` does, with the pushes in the scenario's hands. */
export async function createStage(
  sandbox: Sandbox,
  { screen, signal }: { screen: Screen; signal: AbortSignal },
): Promise<Stage> {
  if (sandbox.world === undefined) throw new Error('Scenarios need a sandbox with the application in it');
  const remote = (await sandbox.services.git.repository('webapp')).url;
  const directory = join(sandbox.context.directory, 'webapp');
  const checkout = await createCheckout(join('examples', 'webapp'), directory, remote);
  const states = new SFNClient(sandbox);
  const endings = follow({ client: sandbox, stateMachine: 'landfall-dev', screen, signal });

  /** How the one thing ended that was begun last. */
  async function ending(): Promise<Followed> {
    const { value, done } = await endings.next();
    signal.throwIfAborted();
    if (done) throw new Error('There is nothing more to follow');
    screen.print((await report(sandbox, value)).text);
    return value;
  }

  return {
    sandbox,
    url: sandbox.world.loadBalancer.url,
    databaseUrl: sandbox.world.databaseUrl,
    checkout,
    terminal: screen,
    states,
    async deploy({ message, files }) {
      const commit = await checkout.push(message, files(checkout.read));
      screen.print(`\nPushed ${commit.slice(0, 7)} "${message}"`);
      return ending();
    },
    async redrive({ execution }) {
      await states.send(new RedriveExecutionCommand({ executionArn: execution?.executionArn }));
      screen.print(`\nRe-driven ${execution?.name}`);
      return ending();
    },
  };
}
