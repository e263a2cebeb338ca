import { expect } from '@jest/globals';
import type { Claimant } from '#lib/deployment/claim/claim.ts';
import { type ClaimDecision, requestClaim } from '#lib/deployment/claim/request.ts';
import { emptyServiceItem, type ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { document, NOON, release } from '../fixtures.ts';

/** Executions that ask for the claim on a service, and what they are told. */

export const service = emptyServiceItem('webapp');

/** An execution that asks for the claim: `second` and a build of its own by default. */
export const claimant = (
  name: string,
  build: number | undefined,
  given: { redriveCount?: number; startedAt?: number; document?: Partial<Claimant['document']> } = {},
) => ({
  owner: `arn:aws:states:us-east-1:123456789012:execution:landfall-dev:${name}`,
  redriveCount: given.redriveCount ?? 0,
  taskToken: `token of ${name}`,
  startedAt: given.startedAt ?? NOON,
  document: document({
    deployment: name,
    release: release({
      build: build === undefined ? undefined : { id: `b:${build}`, number: build, startedAt: build },
    }),
    ...given.document,
  }),
});

type As<Kind> = Extract<ClaimDecision, { kind: Kind }>;

export function expectKind<Kind extends ClaimDecision['kind']>(
  decision: ClaimDecision,
  kind: Kind,
): As<Kind> {
  expect(decision.kind).toBe(kind);
  return decision as As<Kind>;
}

export const granted = (item: ServiceItem, who: ReturnType<typeof claimant>) =>
  expectKind(requestClaim(item, who, NOON), 'granted');

export const waiting = (item: ServiceItem, who: ReturnType<typeof claimant>) =>
  expectKind(requestClaim(item, who, NOON), 'waiting');

/** What a request for the claim is refused with. */
export const refusalIn = (decision: ClaimDecision) => expectKind(decision, 'refused').error;

/** A claimant with the document that it was given, in a later run where asked for. */
export const holding = (
  who: ReturnType<typeof claimant>,
  decision: { document: Claimant['document'] },
  run = 0,
) => ({
  ...who,
  redriveCount: run,
  document: decision.document,
});

/** What holds at once: no call of before may still land. */
export function settled<Outcome extends object>(outcome: Outcome): Exclude<Outcome, { until: number }> {
  expect(outcome).not.toHaveProperty('until');
  return outcome as Exclude<Outcome, { until: number }>;
}
