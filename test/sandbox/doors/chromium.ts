import { type Browser, chromium } from 'playwright-core';
import { resolveProgram } from '#sandbox/containers/process/program.ts';

/** Names under which distributions install it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium of this machine: what CHROMIUM names, or the first on the PATH; undefined where there is none. */
export function findChromium({ CHROMIUM, PATH = '' }: NodeJS.ProcessEnv = process.env): string | undefined {
  const [found] = NAMES.flatMap((name) => resolveProgram(name, '/', '/', PATH) ?? []);
  return CHROMIUM || found;
}

/**
 * Without a window. Every name under .example is this machine's, as if DNS said so. Chromium's own guard of the local
 * network is off: other browsers have none.
 */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--host-resolver-rules=MAP *.example 127.0.0.1',
      '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
    ],
  });
}
