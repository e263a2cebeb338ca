import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { ACT_WITHIN, LANDED_WITHIN, type Unsettled } from './acting.ts';
import { assertClaim, type Claimant } from './claim.ts';
import type { ServiceItem } from './service-item.ts';

/** Allowed to act, until `callBy`; the document names the call, for the states that come after it. */
export interface Act {
  item: ServiceItem;
  document: DeploymentDocument;
  callBy: number;
}

/**
 * What a state writes right before it changes the world: that it does, under an id of its own for this very call.
 * Fails with ServiceFrozen, NewerReleaseLive or ClaimLost.
 */
export function beginAct(item: ServiceItem, claimant: Claimant, id: string, now: number): Act | Unsettled {
  const held = assertClaim(item, claimant, now);
  if ('until' in held) return held;
  const { owner, redriveCount, document } = claimant;
  const callBy = now + ACT_WITHIN;
  const acting = { owner, redriveCount, deployment: document.deployment, id, until: callBy + LANDED_WITHIN };
  return { item: { ...held.item, acting }, document: withLastAct(held.document, id), callBy };
}

const withLastAct = (document: DeploymentDocument, lastAct: string): DeploymentDocument =>
  document.claim === undefined ? document : { ...document, claim: { ...document.claim, lastAct } };
