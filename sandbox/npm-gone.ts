import { spawnSync } from 'node:child_process';

const INTERVAL_MILLISECONDS = 500;

/**
 * Calls back once when the npm that runs this process as a script has ended. npm hands a SIGTERM on to the shell that
 * it started, which dies of it and tells nobody; a killed npm leaves that shell waiting. Without npm nothing is watched:
 * whoever starts a process in the background may well end before it.
 */
export function onNpmGone(callback: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const npm = behindShell(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isAlive(npm))) return;
    clearInterval(timer);
    callback();
  }, INTERVAL_MILLISECONDS);
  timer.unref();
}

/** The parent of a shell that runs one command, as npm starts it. Undefined for any other process, and where there is no ps. */
function behindShell(pid: number): number | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' });
  const [, parent] = /^\s*(\d+) \S*sh -c /.exec(stdout ?? '') ?? [];
  return parent === undefined ? undefined : Number(parent);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
