import { answers500 } from './answers-500.ts';
import { crashesAtStart } from './crashes-at-start.ts';
import { migrationFails } from './migration-fails.ts';
import { portTaken } from './port-taken.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: Scenario[] = [migrationFails, crashesAtStart, answers500, portTaken];

export const usage = [
  'Usage: npm run scenario -- NAME',
  '',
  ...scenarios.map(({ name, about }) => `  ${name.padEnd(18)}${about}`),
  `  ${'all'.padEnd(18)}one after the other`,
].join('\n');

/** The scenarios that a command line asks for; undefined where it asks for none that there is. */
export function chosen(words: string[]): Scenario[] | undefined {
  const [name, ...more] = words;
  if (more.length > 0) return undefined;
  const found = name === 'all' ? scenarios : scenarios.filter((each) => each.name === name);
  return found.length === 0 ? undefined : found;
}
