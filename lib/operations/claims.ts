import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/table/service-items.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { assertClaim } from '#lib/deployment/claim/claim.ts';
import { completeClaim, type Released, releaseClaim } from '#lib/deployment/claim/release.ts';
import { hasMovedSchema, withSchemaAhead } from '#lib/deployment/claim/schema-ahead.ts';
import type { Run, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument, LastKnownGood, StateInput } from '#lib/deployment/document.ts';
import { brokenSinceChangeOf, withBrokenSinceChange } from '#lib/deployment/ending/broken-since.ts';
import type { ServiceBefore } from '#lib/deployment/notify/change-metrics.ts';

export interface Claims {
  /**
   * Asks, in the same step as a change of the world, whether this deployment still holds its service. Returns the
   * document with the claim as it is now. Fails with ClaimLost, ServiceFrozen, NewerReleaseLive or StateUnavailable.
   */
  assert(input: StateInput): Promise<DeploymentDocument>;
  /**
   * For states that only look. A run that came through ClaimService has its claim: nothing is asked. A redrive of an
   * execution that was stopped or timed out goes straight into the middle of the machine, after its claim was freed:
   * such a run takes the claim again. Fails like `assert`.
   */
  ensureClaim(input: StateInput): Promise<DeploymentDocument>;
  /**
   * Records what has gone live and frees the claim in one write; the waiter goes on at once. Returns how the service
   * was before. A second call about the same release no longer knows that.
   */
  complete(input: StateInput, live: LastKnownGood): Promise<ServiceBefore>;
  /**
   * Frees what this run holds or waits for; the waiter goes on at once. `end` is the run's last document and when it
   * ended: it marks the service as broken, or its schema as ahead, also where another has freed the claim before.
   * Returns since when the service had been broken.
   */
  release(
    service: string,
    run: Run,
    end?: { document: DeploymentDocument; at: number },
  ): Promise<{ brokenSince?: number | undefined }>;
}

export function createClaims(
  items: ServiceItems,
  executions: Pick<Executions, 'succeed' | 'fail'>,
  deployments: Pick<Deployments, 'open'>,
  now: Now,
): Claims {
  const claimantOf = ({ document, execution }: StateInput) => ({
    owner: execution.arn,
    redriveCount: execution.redriveCount,
    document,
  });

  /** The waiter has the claim already. Should this answer be lost, its next heartbeat finds it granted. */
  async function answerWaiter({ handover }: Released): Promise<void> {
    if (handover === undefined) return;
    await ('document' in handover
      ? executions.succeed(handover.taskToken, handover.document)
      : executions.fail(handover.taskToken, handover.refusal));
  }

  async function assert(input: StateInput): Promise<DeploymentDocument> {
    const { document, execution } = input;
    const outcome = await items.change(document.service, (item) =>
      assertClaim(item, claimantOf(input), now()),
    );
    // The end of the run before has closed the record, so it is opened again. Only ClaimService notifies people of a
    // beginning: the states that change the service need no permission to.
    if (!hasEntered(input))
      await deployments.open(
        document,
        { execution: execution.arn, redriveCount: execution.redriveCount },
        now(),
      );
    return outcome.document;
  }

  return {
    assert,
    ensureClaim: async (input) => (hasEntered(input) ? input.document : assert(input)),

    async complete(input, live) {
      const { service } = input.document;
      const released = await items.change(service, (item) =>
        completeClaim(item, claimantOf(input), live, now()),
      );
      await answerWaiter(released);
      return { brokenSince: released.brokenSince, replaced: released.replaced };
    },

    async release(service, run, end) {
      const released = await items.change(service, (item) => {
        const outcome = { ...releaseClaim(item, run, now()), brokenSince: item.brokenSince };
        return end === undefined ? outcome : { ...outcome, item: markRunEnd(outcome.item, end) };
      });
      await answerWaiter(released);
      return { brokenSince: released.brokenSince };
    },
  };
}

function markRunEnd(
  item: ServiceItem,
  { document, at }: { document: DeploymentDocument; at: number },
): ServiceItem {
  const { deployment } = document;
  const ahead = hasMovedSchema(document) ? { deployment, at } : undefined;
  return withSchemaAhead(withBrokenSinceChange(item, brokenSinceChangeOf(document, at)), ahead);
}

/** Whether this very run has its claim already: from ClaimService, or from a state before this one. */
const hasEntered = ({ document, execution }: StateInput) =>
  document.claim?.redriveCount === execution.redriveCount;

/** The claims of this installation's table. */
export const installedClaims = () =>
  createClaims(
    createServiceItems(installedTable()),
    createExecutions(),
    createDeployments(installedTable()),
    now,
  );
