import { join } from 'node:path';
import { RedriveExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { follow, followExecution } from '#sandbox/start/follow.ts';
import { createCheckout } from '#sandbox/start/push.ts';
import { report } from '#sandbox/start/report.ts';
import type { Terminal } from '#sandbox/start/terminal.ts';
import type { Stage } from './scenario.ts';

/** Sets the stage for scenarios: what `npm start` does, with the pushes in the scenario's hands. */
export async function createStage(
  sandbox: Sandbox,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<Stage> {
  if (sandbox.world === undefined) throw new Error('Scenarios need a sandbox with the application in it');
  const remote = (await sandbox.services.git.repository('webapp')).url;
  const directory = join(sandbox.context.directory, 'webapp');
  const checkout = await createCheckout(join('examples', 'webapp'), directory, remote);
  const states = new SFNClient(sandbox);
  const pushes = follow({
    client: sandbox,
    project: 'landfall-dev-webapp',
    service: 'webapp',
    stateMachine: 'landfall-dev',
    terminal,
    signal,
  });
  return {
    sandbox,
    url: sandbox.world.loadBalancer.url,
    databaseUrl: sandbox.world.databaseUrl,
    checkout,
    terminal,
    states,
    async deploy({ message, files }) {
      const commit = await checkout.push(message, files(checkout.read));
      terminal.print(`\nPushed ${commit.slice(0, 7)} "${message}"`);
      const { value, done } = await pushes.next();
      signal.throwIfAborted();
      if (done) throw new Error('There is nothing more to follow');
      terminal.print((await report(sandbox, value)).text);
      return value;
    },
    async redrive({ build, execution }) {
      const executionArn = execution?.executionArn ?? '';
      await states.send(new RedriveExecutionCommand({ executionArn }));
      terminal.print(`\nRe-driven ${execution?.name}`);
      const followed = { build, ...(await followExecution(states, executionArn, { terminal, signal })) };
      signal.throwIfAborted();
      terminal.print((await report(sandbox, followed)).text);
      return followed;
    },
  };
}
