import { chosen, usage } from './catalog.ts';

/** `npm run scenario -- NAME`: breaks the example for real. Exit 0: all held, 1: something did not, 64: no such name. */
const scenarios = chosen(process.argv.slice(2));
if (scenarios === undefined) {
  console.error(usage);
  process.exit(64);
}
const { run } = await import('./run.ts');
await run(scenarios);
