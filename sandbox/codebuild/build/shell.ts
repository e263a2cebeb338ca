import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Watchdog } from '#sandbox/core/watchdog.ts';

/** What ends a command before its time: the build that is stopped, the sandbox that is gone. */
interface Ending {
  signal: AbortSignal;
  watchdog: Pick<Watchdog, 'watch' | 'forget'>;
}

export interface BuildShell {
  /** Runs one command and answers its exit status. What it exports and where it stands is kept for the next. */
  run(command: string, line: (text: string) => void): Promise<number>;
  /** Sets a variable for all later commands. */
  set(name: string, value: string): void;
  /** What the shell makes of a text with variables and $(…) in it. */
  evaluate(text: string): Promise<string>;
}

const quote = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;

/**
 * A build's shell. As buildspec version 0.2 has it, variables and the working directory last from command to
 * command, whether exported or not; and as in CodeBuild's agent each command is a process of its own that
 * takes them from a file and leaves them there, so that an `exit` or `set -e` ends its own command only.
 */
export function createShell(
  program: string,
  folder: string,
  workingDirectory: string,
  environment: Record<string, string>,
  ending: Ending,
): BuildShell {
  mkdirSync(folder, { recursive: true });
  const variables = join(folder, 'variables.sh');
  const directory = join(folder, 'directory');
  writeFileSync(variables, assignments(environment));
  writeFileSync(directory, workingDirectory);

  async function run(command: string, line: (text: string) => void, keep: boolean): Promise<number> {
    const save = keep
      ? `trap 'codebuild_status=$?; set +eu; export -p > ${variables}; pwd > ${directory}; exit $codebuild_status' EXIT\n`
      : '';
    const cwd = readFileSync(directory, 'utf8').trimEnd();
    const script = `. ${variables}\n${save}set -a\n${command}\n`;
    return await runInGroup(program, script, existsSync(cwd) ? cwd : workingDirectory, line, ending);
  }

  return {
    run: (command, line) => run(command, line, true),
    set: (name, value) => writeFileSync(variables, assignments({ [name]: value }), { flag: 'a' }),
    async evaluate(text) {
      const lines: string[] = [];
      await run(`cat <<CODEBUILD_TEXT\n${text}\nCODEBUILD_TEXT`, (line) => lines.push(line), false);
      return lines.join('\n');
    },
  };
}

function assignments(environment: Record<string, string>): string {
  return Object.entries(environment)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

/** Its own process group, so that stopping the build ends whatever the command has started too. */
async function runInGroup(
  program: string,
  script: string,
  cwd: string,
  line: (text: string) => void,
  { signal, watchdog }: Ending,
): Promise<number> {
  signal.throwIfAborted();
  const child = spawn(program, ['-c', script], {
    cwd,
    env: {},
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group has ended already.
    }
  };
  signal.addEventListener('abort', kill, { once: true });
  if (child.pid !== undefined) watchdog.watch(child.pid);
  try {
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', line);
    const status = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 137));
    });
    signal.throwIfAborted();
    return status;
  } finally {
    signal.removeEventListener('abort', kill);
    // What a command left running in the background does not outlive it.
    kill();
    if (child.pid !== undefined) watchdog.forget(child.pid);
  }
}
