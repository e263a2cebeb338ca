import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads process group ids from its input ("+ 123", "- 123"). When the input ends, whoever fed it is gone,
 * whatever the cause (SIGKILL included): kill the groups that are left.
 */
const script = `
trap '' INT TERM HUP
groups=" "
while read -r sign group; do
  case "$sign" in
    +) groups="$groups$group " ;;
    -) before=\${groups%% $group *}; [ "$before" = "$groups" ] || groups="$before \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

export interface Watchdog {
  watch(group: number): void;
  forget(group: number): void;
  close(): Promise<void>;
}

/** No container and no build outlives the sandbox: a tiny shell, in a session of its own, sees to it. */
export function createWatchdog(): Watchdog {
  let shell: ChildProcess | undefined;
  const say = (line: string) => shell?.stdin?.write(`${line}\n`);
  const start = () => {
    const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    child.unref();
    (child.stdin as unknown as { unref?(): void }).unref?.();
    child.stdin?.on('error', () => {});
    return child;
  };
  return {
    watch(group) {
      shell ??= start();
      say(`+ ${group}`);
    },
    forget: (group) => say(`- ${group}`),
    async close() {
      const child = shell;
      shell = undefined;
      if (!child || child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.ref();
      child.stdin?.end();
      await gone;
    },
  };
}
