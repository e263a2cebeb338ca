import { randomUUID } from 'node:crypto';
import { type ActingCall, createActingCall } from '#lib/aws/sdk/acting-call.ts';
import { now, pause } from '#lib/aws/sdk/clock.ts';
import { createExecutions } from '#lib/aws/states/executions.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { ACT_WITHIN, withoutAct } from '#lib/deployment/claim/acting.ts';
import { beginAct } from '#lib/deployment/claim/begin-act.ts';
import { assertClaim } from '#lib/deployment/claim/claim.ts';
import { completeClaim, handOverClaim, type Released, releaseClaim } from '#lib/deployment/claim/release.ts';
import { type ClaimDecision, type ClaimRequest, requestClaim } from '#lib/deployment/claim/request.ts';
import { hasMovedSchema, withSchemaAhead } from '#lib/deployment/claim/schema-ahead.ts';
import type { Run, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument, LastKnownGood, StateInput } from '#lib/deployment/document.ts';
import { brokenSinceChangeOf, withBrokenSinceChange } from '#lib/deployment/ending/broken-since.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { ServiceBefore } from '#lib/deployment/notify/change-metrics.ts';

const items = createServiceItems();
const executions = createExecutions();
const deployments = createDeployments();

/** Takes the claim or the place behind it. Where a call of the run before may still land, it waits until it has. */
export async function request(claimant: ClaimRequest): Promise<Settled<ClaimDecision>> {
  // Should this answer be lost, the displaced one finds at its next heartbeat who waits in its place.
  const told = (decision: ClaimDecision) => failDisplaced(claimant, decision);
  const { service } = claimant.document;
  const decision = await changeSettled(service, (item) => requestClaim(item, claimant, now()), told);
  await told(decision);
  return decision;
}

/**
 * Asks, in the same step as a change of the world, whether this deployment still holds its service. Returns the
 * document with the claim as it is now. Fails with ClaimLost, ServiceFrozen, NewerReleaseLive or StateUnavailable.
 */
export async function assert(input: StateInput): Promise<DeploymentDocument> {
  const { document, execution } = input;
  const outcome = await changeSettled(document.service, (item) =>
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

export interface Acted<T> {
  result: T;
  /** Knows that the call has ended. */
  document: DeploymentDocument;
}

/**
 * Makes the one call by which a state changes the world, and asserts the claim for it in the same step: nobody else is
 * granted the claim, and no other call of this deployment begins, while it may still land. It is given up after
 * ACT_WITHIN. Fails like `assert`, with what `perform` fails with, and with AwsUnavailable where it was given up.
 */
export async function act<T>(
  input: StateInput,
  perform: (call: ActingCall) => Promise<T>,
): Promise<Acted<T>> {
  const { service } = input.document;
  const id = randomUUID();
  const { document, callBy } = await changeSettled(service, (item) =>
    beginAct(item, claimantOf(input), id, now()),
  );
  // This function was stopped in its tracks while it waited for the table.
  if (now() >= callBy) throw new DeploymentError('AwsUnavailable', 'the call was not made in time');
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
    // An attempt got no answer, and the SDK's next one was refused. The first may land nevertheless: to say RolloutRejected
    // would say that nothing has changed.
    if (!call.isSettled)
      throw new DeploymentError('AwsUnavailable', 'an attempt was not answered, and another one failed', {
        cause: error,
      });
    throw error;
  } finally {
    call.end();
  }
}

/**
 * What states ask that only look: nothing where this run has come through ClaimService. A redrive of an execution
 * that was stopped or timed out goes straight into the middle of the machine, after its claim was freed: such a run
 * has to get it back before it goes on. Fails like `assert`.
 */
export const ensureClaim = async (input: StateInput): Promise<DeploymentDocument> =>
  hasEntered(input) ? input.document : assert(input);

/**
 * Records what has gone live and frees the claim in one write; the waiter goes on at once. Returns how the service
 * was before. A second call about the same release no longer knows that.
 */
export async function complete(input: StateInput, live: LastKnownGood): Promise<ServiceBefore> {
  const { service } = input.document;
  const released = await changeSettled(service, (item) =>
    completeClaim(item, claimantOf(input), live, now()),
  );
  await answerWaiter(service, released);
  return { brokenSince: released.brokenSince, replaced: released.replaced };
}

/**
 * Frees what this run holds or waits for; the waiter goes on at once. `end` is the run's last document and when it
 * ended: it marks the service as broken, or its schema as ahead, also where another has freed the claim before.
 * Returns since when the service had been broken.
 */
export async function release(
  service: string,
  run: Run,
  end?: { document: DeploymentDocument; at: number },
): Promise<{ brokenSince?: number | undefined }> {
  const released = await items.change(service, (item) => {
    const lastAct = end?.document.claim?.lastAct;
    // Before the claim is handed over: the waiter must know what this run has made of the schema.
    const marked = end === undefined ? item : markRunEnd(item, end);
    return { ...releaseClaim(marked, run, now(), lastAct), brokenSince: item.brokenSince };
  });
  await answerWaiter(service, released);
  return { brokenSince: released.brokenSince };
}

type Settled<Outcome> = Exclude<Outcome, { until: number }>;

const claimantOf = ({ document, execution }: StateInput) => ({
  owner: execution.arn,
  redriveCount: execution.redriveCount,
  document,
});

const pauseUntil = (at: number) => pause(Math.max(at - now(), 1));

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
    await pauseUntil(Number(outcome.until));
  }
}

/** The claim is the waiter's already: should this answer be lost, its next heartbeat finds it granted. */
async function answerWaiter(service: string, { handover, handOverAt }: Released): Promise<void> {
  if (handOverAt !== undefined) {
    await pauseUntil(handOverAt);
    return answerWaiter(service, await items.change(service, (item) => handOverClaim(item, now())));
  }
  if (handover === undefined) return;
  await ('document' in handover
    ? executions.succeed(handover.taskToken, handover.document)
    : executions.fail(handover.taskToken, handover.refusal));
}

async function failDisplaced({ document }: ClaimRequest, decision: ClaimDecision): Promise<void> {
  if (!('displaced' in decision) || decision.displaced === undefined) return;
  const { deployment, release } = document;
  const why = `${deployment} (${release.commit ?? release.digest}) took its place in the queue`;
  await executions.fail(decision.displaced.taskToken, new DeploymentError('Superseded', why));
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
