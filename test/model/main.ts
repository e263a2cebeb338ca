import { parseArgs } from 'node:util';
import { type Bounds, type PipelineState, realConduct, realDecisions } from './decisions.ts';
import { NOT_KEPT_YET } from './known.ts';
import { search } from './search.ts';

/**
 * `npm run search:claim`: walks everything that can happen to executions which ask for one service's claim, farther than
 * `npm test` does. With options, only what they name:
 *
 *     --builds 1,3,2   when the build of each execution began; an empty one is of none
 *     --pipeline RunMigration,UpdateService
 *     --adversities 2  so much may go wrong
 *     --only crashes   and nothing else (may be repeated)
 *     --rollbacks 1    these are rollbacks by hand
 *     --rejects --split-writes --doubles
 *     --most 2000000   worlds, then it stops
 */
const { values } = parseArgs({
  options: {
    builds: { type: 'string' },
    pipeline: { type: 'string', default: 'UpdateService' },
    adversities: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true },
    rollbacks: { type: 'string' },
    rejects: { type: 'boolean', default: false },
    'split-writes': { type: 'boolean', default: false },
    doubles: { type: 'boolean', default: false },
    most: { type: 'string', default: '3000000' },
  },
});

const WHOLE = ['RegisterTaskDefinition', 'RunMigration', 'UpdateService'] as const;
const LARGE: Bounds[] = [
  { builds: [1, 2], pipeline: ['UpdateService'], adversities: 2 },
  { builds: [2, 1], pipeline: ['RunMigration', 'UpdateService'], adversities: 2 },
  { builds: [2, 1, 3], pipeline: WHOLE, adversities: 1 },
  { builds: [1, undefined, 2], pipeline: ['UpdateService'], adversities: 1, doubles: true },
  {
    builds: [1, 2],
    pipeline: ['UpdateService'],
    adversities: 2,
    splitWrites: true,
    only: ['is aborted', 're-driven'],
  },
  { builds: [1, 2], pipeline: ['UpdateService'], adversities: 2, rejects: true },
  { builds: [1, undefined, 2], pipeline: ['UpdateService'], adversities: 1, rollbacks: [1] },
];

const asked = (builds: string): Bounds => ({
  builds: builds.split(',').map((build) => (build === '' ? undefined : Number(build))),
  pipeline: values.pipeline.split(',') as PipelineState[],
  adversities: Number(values.adversities),
  rejects: values.rejects,
  ...(values.rollbacks && { rollbacks: values.rollbacks.split(',').map(Number) }),
  splitWrites: values['split-writes'],
  doubles: values.doubles,
  ...(values.only && { only: values.only }),
});

for (const bounds of values.builds === undefined ? LARGE : [asked(values.builds)]) {
  const began = performance.now();
  const model = { decisions: realDecisions, conduct: realConduct, bounds, except: NOT_KEPT_YET };
  const { worlds, transitions, depth, violation } = search(model, Number(values.most));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `${JSON.stringify(bounds)}: ${worlds} worlds, ${transitions} transitions, depth ${depth}, ${seconds} s`,
  );
  if (violation === undefined) continue;
  console.log(`${violation.invariant}: ${violation.what}`);
  for (const [index, line] of violation.trace.entries())
    console.log(`${String(index + 1).padStart(4)}. ${line}`);
  process.exitCode = 1;
}
