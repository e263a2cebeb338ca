import { assertClaim, completeClaim, type Released, type Run, releaseClaim } from '#lib/deployment/claim.ts';
import type { DeploymentDocument, LastKnownGood, StateInput } from '#lib/deployment/document.ts';
import type { Now } from './clock.ts';
import type { Executions } from './executions.ts';
import type { ServiceItems } from './service-items.ts';

export interface Claims {
  /**
   * Asks, in the same step as a change of the world, whether this deployment still holds its service. Returns the
   * document with the claim as it is now. Fails with ClaimLost, ServiceFrozen, NewerReleaseLive or StateUnavailable.
   */
  assert(input: StateInput): Promise<DeploymentDocument>;
  /** Records what has gone live and frees the claim in one write; the waiter goes on at once. */
  complete(input: StateInput, live: LastKnownGood): Promise<void>;
  /** Frees what this run holds or waits for; the waiter goes on at once. False when it held nothing. */
  release(service: string, run: Run): Promise<boolean>;
}

export function createClaims(
  items: ServiceItems,
  executions: Pick<Executions, 'succeed' | 'fail'>,
  now: Now,
): Claims {
  const claimantOf = ({ document, execution }: StateInput) => ({
    owner: execution.arn,
    redriveCount: execution.redriveCount,
    document,
  });

  /** The claim is the waiter's already: should this answer be lost, its next heartbeat finds it granted. */
  async function answerWaiter({ handover }: Released): Promise<void> {
    if (handover === undefined) return;
    await ('document' in handover
      ? executions.succeed(handover.taskToken, handover.document)
      : executions.fail(handover.taskToken, handover.refusal));
  }

  return {
    async assert(input) {
      const outcome = await items.change(input.document.service, (item) =>
        assertClaim(item, claimantOf(input), now()),
      );
      return outcome.document;
    },

    async complete(input, live) {
      const { service } = input.document;
      await answerWaiter(
        await items.change(service, (item) => completeClaim(item, claimantOf(input), live, now())),
      );
    },

    async release(service, run) {
      const released = await items.change(service, (item) => releaseClaim(item, run, now()));
      await answerWaiter(released);
      return released.changed;
    },
  };
}
