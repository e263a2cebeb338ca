import { now } from '#lib/aws/sdk/clock.ts';
import { createExecutions } from '#lib/aws/states/executions.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { createRunResults } from '#lib/aws/table/run-results.ts';
import { type ClaimDecision, type ClaimRequest, deadRunOf } from '#lib/deployment/claim/request.ts';
import type { Holder } from '#lib/deployment/claim/service-item.ts';
import { parseDocument, requireValue, runOf, type StateInput } from '#lib/deployment/document.ts';
import { runResultOfDead } from '#lib/deployment/ending/ended-run.ts';
import { notificationBaseOf } from '#lib/deployment/notify/notification.ts';
import { metricsOfClaim } from '#lib/deployment/notify/time-metrics.ts';
import { emitMetrics } from '#lib/middleware/metrics.ts';
import { notifications } from '#lib/middleware/notifications.ts';
import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';

const deployments = createDeployments();
const executions = createExecutions();
const runResults = createRunResults();

/** Takes the service's claim, or leaves the token with it and waits for its turn. */
export const handler = forState(async (input) => {
  const claimant = claimantOf(input);
  await recordBeginning(claimant, input);
  const decision = await requestFromTheLiving(claimant);
  if (decision.kind === 'refused') throw decision.error;
  if (decision.kind === 'waiting') emitTimeHeld(claimant, decision.holder);
  else await goOn(claimant, decision);
});

function claimantOf({ document, execution, taskToken }: StateInput): ClaimRequest {
  return {
    owner: execution.arn,
    redriveCount: execution.redriveCount,
    document: parseDocument(document),
    taskToken: requireValue(taskToken, 'taskToken'),
    startedAt: runOf(execution).since,
  };
}

/**
 * Notifies of the beginning, then opens the record, once a run. In this order, as a result does: a function that is cut
 * short in between notifies twice instead of never.
 */
async function recordBeginning({ document }: ClaimRequest, { execution }: StateInput): Promise<void> {
  const { arn, redriveCount } = execution;
  if (await deployments.hasBegun(document, redriveCount)) return;
  const { service, deployment, release } = document;
  await notifications.send({
    ...notificationBaseOf(document, execution),
    status: 'RUNNING',
    text: `${service}: ${release.commit ?? release.digest} is being deployed (deployment ${deployment}).`,
  });
  await deployments.open(document, { execution: arn, redriveCount }, now());
}

/** Asks for the claim, and once more where its holder turns out to be dead. */
async function requestFromTheLiving(claimant: ClaimRequest) {
  const decision = await claims.request(claimant);
  const holder = decision.kind === 'granted' ? undefined : decision.holder;
  const isFreed = holder !== undefined && (await freeDead(claimant, holder));
  return isFreed ? claims.request(claimant) : decision;
}

/**
 * Frees the claim of an execution that is over and closes its record. The event about its end would do that, but it
 * may be lost. False where the holder lives, or may live.
 */
async function freeDead({ document }: ClaimRequest, holder: Holder): Promise<boolean> {
  const { service, deployment: finder } = document;
  const last = await executions.lastRun(holder.owner);
  const dead = deadRunOf(holder, last, now());
  if (dead === undefined) return false;
  const result = runResultOfDead(last?.status, dead.redriveCount, finder);
  await runResults.closeProvisionally(service, holder.deployment, result, now());
  await claims.release(service, dead);
  return true;
}

/** Speaks for the holder, which may be dead and emit nothing. */
const emitTimeHeld = ({ document }: ClaimRequest, holder: Holder) =>
  emitMetrics(metricsOfClaim(document.service, holder, now()));

/**
 * Lets the machine go on with the claim that was granted. Where nobody takes that answer, it was given before. Or this
 * execution was stopped while it asked: its claim would never be freed.
 */
async function goOn(claimant: ClaimRequest, { document, item }: Granted): Promise<void> {
  const isTaken = await executions.succeed(claimant.taskToken, document);
  if (!isTaken && item.claim !== undefined) await freeDead(claimant, item.claim);
}

type Granted = Extract<ClaimDecision, { kind: 'granted' }>;
