import { parseArgs } from 'node:util';
import { launch, listeningOptions, readListening } from './launch.ts';
import { createProgress } from './start/progress.ts';
import { pushAddresses } from './start/report.ts';
import { createTerminal } from './start/terminal.ts';

/** `npm run sandbox`: the local AWS with Landfall in it, or empty. Prints its endpoint when it listens, and where to push to. */
const { values } = parseArgs({
  options: {
    ...listeningOptions,
    empty: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const sandbox = await launch({
  ...readListening(values),
  empty: values.empty,
  progress: createProgress(createTerminal(process.stdout)),
  stopping: new AbortController(),
  ...(values.verbose ? { debug: (message: string) => console.error(message) } : {}),
});
if (sandbox.repositories !== undefined) console.log(pushAddresses(sandbox.repositories));
