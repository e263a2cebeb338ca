import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * The environment of git commands of the sandbox itself: no configuration, hook, template or signing key of the
 * machine's user takes part, and git never asks anybody anything.
 */
export function gitEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const { PATH = '', HOME = '/' } = environment;
  return {
    PATH,
    HOME,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TEMPLATE_DIR: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'sandbox',
    GIT_AUTHOR_EMAIL: 'sandbox@localhost',
    GIT_COMMITTER_NAME: 'sandbox',
    GIT_COMMITTER_EMAIL: 'sandbox@localhost',
    LC_ALL: 'C',
  };
}

/** Runs git in `cwd` and answers what it printed, without the last line break. Rejects with git's own words. */
export async function git(cwd: string, args: string[], signal?: AbortSignal): Promise<string> {
  try {
    const options = { cwd, env: gitEnvironment(), signal, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await execute('git', args, options);
    return stdout.replace(/\n$/, '');
  } catch (error) {
    signal?.throwIfAborted();
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(stderr.trim() || message, { cause: error });
  }
}
