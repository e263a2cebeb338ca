import { parseArgs } from 'node:util';
import { launch, listeningOptions, readListening } from './launch.ts';

/** `npm run sandbox`: the local AWS with Landfall in it, or empty. Prints its endpoint when it listens. */
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
  stopping: new AbortController(),
  ...(values.verbose ? { debug: (message: string) => console.error(message) } : {}),
});
console.log(`The sandbox listens on ${sandbox.endpoint}`);
