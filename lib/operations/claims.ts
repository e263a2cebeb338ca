import { randomUUID } from 'node:crypto';
import { type ActingCall, createActingCall } from '#lib/aws/sdk/acting-call.ts';
import { type Now, now, pause } from '#lib/aws/sdk/clock.ts';
import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/table/service-items.ts';
import { table } from '#lib/aws/table/table.ts';
import { ACT_WITHIN, withoutAct } from '#lib/deployment/claim/acting.ts';
import { beginAct } from '#lib/deployment/claim/begin-act.ts';
import { assertClaim } from '#lib/deployment/claim/claim.ts';
import { completeClaim, handOverClaim, type Released, releaseClaim } from '#lib/deployment/claim/release.ts';
import { type Asking, type ClaimDecision, requestClaim } from '#lib/deployment/claim/request.ts';
import { hasMovedSchema, withSchemaAhead } from '#lib/deployment/claim/schema-ahead.ts';
import type { Run, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument, LastKnownGood, StateInput } from '#lib/deployment/document.ts';
import { aftermathOf, withAftermath } from '#lib/deployment/ending/aftermath.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { Before } from '#lib/deployment/notify/change-figures.ts';

export interface Claims {
  /** Takes the claim or the place behind it. Where a call of the run before may still land, it waits until it has. */
  request(asking: Asking): Promise<Settled<ClaimDecision>>;
  /**
   * Asks, in the same step as a change of the world, whether this deployment still holds its service. Returns the
   * document with the claim as it is now. Fails with ClaimLost, ServiceFrozen, NewerReleaseLive or StateUnavailable.
   */
  assert(input: StateInput): Promise<DeploymentDocument>;
  /**
   * Makes the one call by which a state changes the world, and asserts the claim for it in the same step: nobody else is
   * granted the claim, and no other call of this deployment begins, while it may still land. It is given up after
   * ACT_WITHIN. Fails like `assert`, with what `perform` fails with, and with AwsUnavailable where it was given up.
   */
  act<T>(input: StateInput, perform: (call: ActingCall) => Promise<T>): Promise<Acted<T>>;
  /**
   * What states ask that only look: nothing where this run has come through ClaimService. A redrive of an execution
   * that was stopped or timed out goes straight into the middle of the machine, after its claim was freed: such a run
   * has to get it back before it goes on. Fails like `assert`.
   */
  rejoin(input: StateInput): Promise<DeploymentDocument>;
  /**
   * Records what has gone live and frees the claim in one write; the waiter goes on at once. Answers how it found the
   * service, which a second call about the same release no longer knows.
   */
  complete(input: StateInput, live: LastKnownGood): Promise<Before>;
  /**
   * Frees what this run holds or waits for; the waiter goes on at once. `document` is what the run ends with, and `at`
   * when: a service that it leaves in a bad state, or with a schema that has moved on, is marked so, also where another
   * has freed the claim before. Answers since when the service had not been well.
   */
  release(
    service: string,
    run: Run,
    end?: { document: DeploymentDocument; at: number },
  ): Promise<{ brokenSince?: number | undefined }>;
}

export interface Acted<T> {
  result: T;
  /** Knows that the call has ended. */
  document: DeploymentDocument;
}

type Settled<Outcome> = Exclude<Outcome, { until: number }>;

export function createClaims(
  items: ServiceItems,
  executions: Pick<Executions, 'succeed' | 'fail'>,
  deployments: Pick<Deployments, 'open'>,
  now: Now,
  newId: () => string = randomUUID,
): Claims {
  const claimantOf = ({ document, execution }: StateInput) => ({
    owner: execution.arn,
    redriveCount: execution.redriveCount,
    document,
  });

  /** Changes the service's item once no call of anybody else may land any more. */
  async function changeSettled<Outcome extends { item: ServiceItem }>(
    service: string,
    decide: (item: ServiceItem) => Outcome,
    onUnsettled: (outcome: Outcome) => Promise<void> = async () => {},
  ): Promise<Settled<Outcome>> {
    for (;;) {
      const outcome = await items.change(service, decide);
      if (!('until' in outcome)) return outcome as Settled<Outcome>;
      await onUnsettled(outcome);
      await pause(Math.max(Number(outcome.until) - now(), 1));
    }
  }

  /** The claim is the waiter's already: should this answer be lost, its next heartbeat finds it granted. */
  async function answerWaiter(service: string, { handover, handOverAt }: Released): Promise<void> {
    if (handOverAt !== undefined) {
      await pause(Math.max(handOverAt - now(), 1));
      return answerWaiter(service, await items.change(service, (item) => handOverClaim(item, now())));
    }
    if (handover === undefined) return;
    await ('document' in handover
      ? executions.succeed(handover.taskToken, handover.document)
      : executions.fail(handover.taskToken, handover.refusal));
  }

  async function assert(input: StateInput): Promise<DeploymentDocument> {
    const { document, execution } = input;
    const outcome = await changeSettled(document.service, (item) =>
      assertClaim(item, claimantOf(input), now()),
    );
    // The end of the run before has closed the record. That a run has begun is told by ClaimService alone: no state that
    // changes the service needs to be allowed to tell people of it for the sake of one that was stopped and re-driven.
    if (!hasEntered(input))
      await deployments.open(
        document,
        { execution: execution.arn, redriveCount: execution.redriveCount },
        now(),
      );
    return outcome.document;
  }

  async function tellDisplaced({ document }: Asking, decision: ClaimDecision): Promise<void> {
    if (!('displaced' in decision) || decision.displaced === undefined) return;
    const { deployment, release } = document;
    const why = `${deployment} (${release.commit ?? release.digest}) took its place in the queue`;
    await executions.fail(decision.displaced.taskToken, new DeploymentError('Superseded', why));
  }

  return {
    async request(asking) {
      // Should this answer be lost, the displaced one finds at its next heartbeat who waits in its place.
      const told = (decision: ClaimDecision) => tellDisplaced(asking, decision);
      const { service } = asking.document;
      const decision = await changeSettled(service, (item) => requestClaim(item, asking, now()), told);
      await told(decision);
      return decision;
    },

    assert,

    async act(input, perform) {
      const { service } = input.document;
      const id = newId();
      const { document, callBy } = await changeSettled(service, (item) =>
        beginAct(item, claimantOf(input), id, now()),
      );
      const call = createActingCall(callBy - now());
      try {
        const result = await perform(call);
        return { result, document: call.isSettled ? document : input.document };
      } catch (error) {
        // It cannot land any more: nobody has to wait for it. Should this write fail, they wait for some seconds.
        if (call.isSettled)
          await items.change(service, (item) => ({ item: withoutAct(item, id) })).catch(() => undefined);
        if (call.isGivenUp)
          throw new DeploymentError('AwsUnavailable', `no answer came within ${ACT_WITHIN / 1000} seconds`, {
            cause: error,
          });
        throw error;
      } finally {
        call.end();
      }
    },

    rejoin: async (input) => (hasEntered(input) ? input.document : assert(input)),

    async complete(input, live) {
      const { service } = input.document;
      const released = await changeSettled(service, (item) =>
        completeClaim(item, claimantOf(input), live, now()),
      );
      await answerWaiter(service, released);
      return { brokenSince: released.brokenSince, replaced: released.replaced };
    },

    async release(service, run, end) {
      const released = await items.change(service, (item) => {
        const lastAct = end?.document.claim?.lastAct;
        const outcome = { ...releaseClaim(item, run, now(), lastAct), brokenSince: item.brokenSince };
        return end === undefined ? outcome : { ...outcome, item: marked(outcome.item, end) };
      });
      await answerWaiter(service, released);
      return { brokenSince: released.brokenSince };
    },
  };
}

function marked(
  item: ServiceItem,
  { document, at }: { document: DeploymentDocument; at: number },
): ServiceItem {
  const { deployment } = document;
  const ahead = hasMovedSchema(document) ? { deployment, at } : undefined;
  return withSchemaAhead(withAftermath(item, aftermathOf(document, at)), ahead);
}

/** Whether this very run got its claim in ClaimService, or in a state that it has been through. */
const hasEntered = ({ document, execution }: StateInput) =>
  document.claim?.redriveCount === execution.redriveCount;

/** The claims of this installation's table. */
export const tableClaims = () =>
  createClaims(createServiceItems(table()), createExecutions(), createDeployments(table()), now);
