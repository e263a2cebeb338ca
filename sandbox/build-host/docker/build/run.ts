import { spawn } from 'node:child_process';
import { constants, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runnable } from '#sandbox/ecr/images.ts';
import type { RuntimeConfig } from '#sandbox/ecr/manifest.ts';
import { readLayer, sha256 } from '#sandbox/ecr/tree.ts';
import { npmEnvironment } from '../../npm.ts';
import { solveError, unsupported } from '../errors.ts';
import type { Write } from './progress.ts';

export interface RunStep {
  directory: string;
  root: string;
  config: RuntimeConfig;
  buildArguments: Record<string, string>;
  /** Program and arguments: `/bin/sh -c COMMAND`, or the exec form. */
  command: string[];
  useCache: boolean;
}

/**
 * RUN: really runs the command in the image's tree, with the image's environment. The result is kept under the
 * digest of everything that went in, so that the same step on the same tree is not run again.
 */
export async function run(step: RunStep, line: Write): Promise<'cached' | undefined> {
  refuseWhatChangesTheMachine(step.command);
  const key = sha256(
    JSON.stringify([
      readLayer(step.root).digest,
      step.command,
      step.config.Env,
      step.config.WorkingDir,
      step.buildArguments,
    ]),
  );
  const kept = join(step.directory, 'images', 'steps', key.replace('sha256:', ''));
  if (step.useCache && existsSync(kept)) {
    rmSync(step.root, { recursive: true });
    copyTree(kept, step.root);
    return 'cached';
  }
  const exitCode = await execute(step, line);
  if (exitCode !== 0) {
    throw solveError(
      `process "${step.command.join(' ')}" did not complete successfully: exit code: ${exitCode}`,
    );
  }
  keep(step.root, kept);
  return undefined;
}

export function copyTree(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
}

function keep(root: string, kept: string): void {
  const unfinished = `${kept}.${process.pid}`;
  mkdirSync(join(kept, '..'), { recursive: true });
  copyTree(root, unfinished);
  if (existsSync(kept)) rmSync(kept, { recursive: true });
  renameSync(unfinished, kept);
}

async function execute(
  { directory, root, config, buildArguments, command }: RunStep,
  line: Write,
): Promise<number> {
  const { environment, workingDirectory } = runnable(directory, config);
  const temporary = mkdtempSync(join(tmpdir(), 'docker-run-'));
  const [program = '', ...args] = command.map((word) => insideTree(word, root));
  const child = spawn(program, args, {
    cwd: join(root, workingDirectory),
    env: {
      ...npmEnvironment(process.env),
      HOME: join(root, 'root'),
      TMPDIR: temporary,
      ...buildArguments,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', line);
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => {
        line(error.message);
        resolve(127);
      });
      child.once('close', (code) => resolve(code ?? 137));
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Programs that would install or change something on this machine, which is no container. */
const REFUSED =
  /(?:^|[;&|(\s])(apt|apt-get|apk|yum|dnf|microdnf|dpkg|useradd|groupadd|adduser|addgroup|usermod|su|sudo|chroot|mount|systemctl)(?=\s|$)/;

function refuseWhatChangesTheMachine(command: string[]): void {
  const refused = REFUSED.exec(command.join(' '))?.[1];
  if (refused)
    throw unsupported(`RUN with ${refused} (it would change this machine, there is no container here)`);
}

/** Absolute paths that mean the machine's own programs and devices also inside a real container. */
const SHARED = /^\/(?:bin|sbin|usr\/bin|usr\/sbin|usr\/local\/bin|dev|proc)(?:\/|$)/;

/** There is no chroot here: an absolute path in a command is meant inside the image, so it is made so. */
function insideTree(word: string, root: string): string {
  return word.replace(/(^|[\s="'<>(])(\/[\w.@+-][^\s"';&|<>)]*)/g, (found, before: string, path: string) =>
    SHARED.test(path) || path.startsWith(root) ? found : `${before}${root}${path}`,
  );
}
