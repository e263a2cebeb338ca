import type { Step } from '#lib/deployment/record/record.ts';
import { type Figure, figure, seconds } from './figures.ts';

/**
 * How long the last run of an execution took, and its states. A redrive begins a run: the steps before `since` are
 * those of runs that have been counted.
 */
export function figuresOfSteps(service: string, steps: readonly Step[], since: number): Figure[] {
  const over = steps.flatMap(({ state, startedAt, endedAt }) =>
    endedAt === null || startedAt < since ? [] : [{ state, startedAt, endedAt }],
  );
  const [first] = over;
  const last = over.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    figure('Duration', seconds(first.startedAt, last.endedAt), { service }),
    ...over.flatMap(({ state, startedAt, endedAt }) => {
      const took = seconds(startedAt, endedAt);
      return [
        figure('StateDuration', took, { service, state }),
        ...(state === 'ClaimService' ? [figure('QueueTime', took, { service })] : []),
      ];
    }),
  ];
}

/** How long the claim on a service has been held; nothing where nobody is known to hold it. */
export const claimTime = (
  service: string,
  claim: { since?: number | undefined } | undefined,
  now: number,
): Figure[] =>
  claim?.since === undefined ? [] : [figure('ClaimTime', seconds(claim.since, now), { service })];
