import { parseArgs } from 'node:util';
import { quickDurations } from './durations.ts';
import { packageApplication } from './packaging.ts';
import { startSandbox } from './sandbox.ts';
import { stopOnSignals } from './signals.ts';

/** `npm run sandbox`: the local AWS with Landfall in it. Prints its endpoint when it listens. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4566' },
    empty: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port takes a number from 0 to 65535, not "${values.port}"`);
  process.exit(64);
}

const application = values.empty ? undefined : await packageApplication(process.cwd());
const sandbox = await startSandbox({
  ...quickDurations,
  port,
  ...(application === undefined ? {} : { application }),
  ...(values.verbose ? { debug: (message: string) => console.error(message) } : {}),
});
stopOnSignals(sandbox.stop);
console.log(`The sandbox listens on ${sandbox.endpoint}`);
