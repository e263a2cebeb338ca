import type { Step } from '#lib/deployment/record/record.ts';
import { createMetric, type Metric, secondsBetween } from './metrics.ts';

/**
 * How long the last run of an execution took, and its states. A redrive begins a run: the steps before `since` are
 * those of runs that have been counted.
 */
export function metricsOfSteps(service: string, steps: readonly Step[], since: number): Metric[] {
  const over = steps.flatMap(({ state, startedAt, endedAt }) =>
    endedAt === null || startedAt < since ? [] : [{ state, startedAt, endedAt }],
  );
  const [first] = over;
  const last = over.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    createMetric('Duration', secondsBetween(first.startedAt, last.endedAt), { service }),
    ...over.flatMap(({ state, startedAt, endedAt }) => {
      const took = secondsBetween(startedAt, endedAt);
      return [
        createMetric('StateDuration', took, { service, state }),
        ...(state === 'ClaimService' ? [createMetric('QueueTime', took, { service })] : []),
      ];
    }),
  ];
}

/** How long the claim on a service has been held; nothing where nobody is known to hold it. */
export const metricsOfClaim = (
  service: string,
  claim: { since?: number | undefined } | undefined,
  now: number,
): Metric[] =>
  claim?.since === undefined
    ? []
    : [createMetric('ClaimTime', secondsBetween(claim.since, now), { service })];
