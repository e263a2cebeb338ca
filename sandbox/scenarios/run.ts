import { exitWith, launch } from '#sandbox/launch.ts';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { createProgress } from '#sandbox/start/progress.ts';
import { createScreen } from '#sandbox/start/screen.ts';
import { createTerminal } from '#sandbox/start/terminal.ts';
import { play } from './play.ts';
import type { Scenario } from './scenario.ts';
import { createStage } from './stage.ts';

/**
 * Plays scenarios one after the other on a sandbox of their own, beginning with the application as it is. Ends the
 * process: with 0 when every deployment failed as it has to, the old version served on without one failed request,
 * and mending it made the new one live.
 */
export async function run(scenarios: Scenario[]): Promise<void> {
  const stopping = new AbortController();
  const screen = createScreen(createTerminal(process.stdout));
  const sandbox = await launch({ port: 0, stopping, progress: createProgress(screen) });
  try {
    const isFine = await playAll(scenarios, sandbox);
    await sandbox.stop();
    process.exit(isFine ? 0 : 1);
  } catch (error) {
    // A signal stops the sandbox by itself.
    if (!stopping.signal.aborted) await sandbox.stop();
    await exitWith(error as Error, stopping.signal);
  }

  async function playAll(scenarios: Scenario[], sandbox: Sandbox): Promise<boolean> {
    const stage = await createStage(sandbox, { screen, signal: stopping.signal });
    const { execution } = await stage.deploy({ message: 'Deploy the articles API', files: () => ({}) });
    if (execution?.status !== 'SUCCEEDED') throw new Error('The application did not go live as it is');
    const outcomes: string[] = [];
    let isFine = true;
    for (const scenario of scenarios) {
      const began = performance.now();
      const held = await play(scenario, stage);
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      outcomes.push(`  ${held ? '✓' : '✗'} ${scenario.name.padEnd(18)}${seconds.padStart(3)} s`);
      isFine &&= held;
    }
    screen.print(`\n${outcomes.join('\n')}`);
    return isFine;
  }
}
