/** Stops everything on SIGINT and SIGTERM, then exits as the signal would have: 130 or 143. */
export function stopOnSignals(stop: () => Promise<void>): void {
  const onSignal = (code: number) => async () => {
    // A second signal must not start a second stop; it ends the process at once.
    process.removeAllListeners('SIGINT');
    process.removeAllListeners('SIGTERM');
    await stop();
    process.exit(code);
  };
  process.once('SIGINT', onSignal(130));
  process.once('SIGTERM', onSignal(143));
}
