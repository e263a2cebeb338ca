import { onNpmGone } from './npm-gone.ts';

/**
 * One Ctrl-C reaches a script of npm twice, from the terminal and from npm, which hands signals on: a second signal
 * counts as one of its own only after this time.
 */
const SAME_KEYPRESS_MILLISECONDS = 500;

/**
 * Stops everything on SIGINT and SIGTERM, then exits as the signal would have: 130 or 143. Whoever asks
 * again while that takes its time ends the process at once. When npm has gone, its SIGTERM has not come through.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let askedAt: number | undefined;
  const onSignal = (code: number) => async () => {
    const now = performance.now();
    if (askedAt !== undefined) {
      if (now - askedAt > SAME_KEYPRESS_MILLISECONDS) process.exit(code);
      return;
    }
    askedAt = now;
    await stop();
    process.exit(code);
  };
  process.on('SIGINT', onSignal(130));
  process.on('SIGTERM', onSignal(143));
  onNpmGone(onSignal(143));
}
