import type { BuildspecPhase } from '../buildspec.ts';
import type { BuildLog } from './log.ts';
import { PhaseError } from './phase-error.ts';
import type { BuildShell } from './shell.ts';

/** One phase's commands up to the first that fails, then its `finally` commands whatever happened. */
export async function runPhase(phase: BuildspecPhase, shell: BuildShell, log: BuildLog): Promise<void> {
  try {
    await runCommands(phase.commands, shell, log);
  } finally {
    await runCommands(phase.finally, shell, log);
  }
}

async function runCommands(commands: string[], shell: BuildShell, log: BuildLog): Promise<void> {
  for (const command of commands) {
    log.agent(`Running command ${command.trimEnd()}`);
    const status = await shell.run(command, log.output);
    if (status === 0) continue;
    log.agent(`Command did not exit successfully ${command.trimEnd()} exit status ${status}`);
    throw new PhaseError(
      'COMMAND_EXECUTION_ERROR',
      `Error while executing command: ${command.trimEnd()}. Reason: exit status ${status}`,
    );
  }
}
