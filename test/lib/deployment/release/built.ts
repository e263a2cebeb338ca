import type { BuildObservation } from '#lib/deployment/release/build.ts';

/** A build that has gone well. */

export const commit = '74aef81b0123456789abcdef0123456789abcdef';

export const digest = `sha256:${'a'.repeat(64)}`;

export const START = Date.parse('2030-01-31T12:00:00Z');

export const build: BuildObservation = {
  id: 'landfall-dev-webapp:7d0c',
  number: 7,
  project: 'landfall-dev-webapp',
  status: 'SUCCEEDED',
  startedAt: START,
  endedAt: START + 60_000,
  ref: 'main',
  commit,
  exported: { COMMIT: commit, IMAGE_DIGEST: digest },
  phases: [{ phase: 'BUILD', status: 'SUCCEEDED', startedAt: START, endedAt: START + 60_000 }],
};
