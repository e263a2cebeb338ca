import type { Notifications } from '#lib/aws/notify/notifications.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { createRunResults, type RunResults } from '#lib/aws/table/run-results.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { deadRunOf } from '#lib/deployment/claim/request.ts';
import type { Holder } from '#lib/deployment/claim/service-item.ts';
import {
  type DeploymentDocument,
  parseDocument,
  requireValue,
  type StateInput,
} from '#lib/deployment/document.ts';
import { runResultOfDead } from '#lib/deployment/ending/ended-run.ts';
import { notificationBaseOf } from '#lib/deployment/notify/notification.ts';
import { metricsOfClaim } from '#lib/deployment/notify/time-metrics.ts';
import { type EmitMetrics, emitMetrics } from '#lib/middleware/metrics.ts';
import { installedNotifications } from '#lib/middleware/notifications.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, createClaims } from '#lib/operations/claims.ts';

interface Needs {
  claims: Claims;
  deployments: Pick<Deployments, 'hasBegun' | 'open'>;
  runResults: Pick<RunResults, 'closeProvisionally'>;
  executions: Pick<Executions, 'succeed' | 'lastRun'>;
  notifications: Notifications;
  emitMetrics: EmitMetrics;
  now: Now;
}

/** Takes the service's claim, or leaves the token with it and waits for its turn. */
export function createClaimService({
  claims,
  deployments,
  runResults,
  executions,
  notifications,
  emitMetrics,
  now,
}: Needs): StateHandler<void> {
  /**
   * Frees the claim of an execution that is over and closes its record. The event about its end would do that, but it
   * may be lost.
   */
  async function freeDead({ service, deployment }: DeploymentDocument, holder: Holder): Promise<boolean> {
    const last = await executions.lastRun(holder.owner);
    const dead = deadRunOf(holder, last, now());
    if (dead === undefined) return false;
    const result = runResultOfDead(last?.status, dead.redriveCount, deployment);
    await runResults.closeProvisionally(service, holder.deployment, result, now());
    await claims.release(service, dead);
    return true;
  }

  const notifyOfBeginning = ({ document, execution }: StateInput) =>
    notifications.send({
      ...notificationBaseOf(document, execution),
      status: 'RUNNING',
      text: `${document.service}: ${document.release.commit ?? document.release.digest} is being deployed (deployment ${document.deployment}).`,
    });

  /** Notifies first, as a result does: a function that is cut short in between notifies twice instead of never. */
  async function begin(input: StateInput): Promise<void> {
    const { document, execution } = input;
    const { arn, redriveCount } = execution;
    if (await deployments.hasBegun(document, redriveCount)) return;
    await notifyOfBeginning(input);
    await deployments.open(document, { execution: arn, redriveCount }, now());
  }

  return async (input) => {
    const document = parseDocument(input.document);
    const { arn: owner, redriveCount, startedAt, redrivenAt = startedAt } = input.execution;
    const taskToken = requireValue(input.taskToken, 'taskToken');
    const claimant = { owner, redriveCount, document, taskToken, startedAt: redrivenAt };

    await begin({ ...input, document });
    let decision = await claims.request(claimant);
    if (decision.kind !== 'granted' && decision.holder && (await freeDead(document, decision.holder))) {
      decision = await claims.request(claimant);
    }
    if (decision.kind === 'refused') throw decision.error;
    // The holder may be dead and emit nothing.
    if (decision.kind === 'waiting') emitMetrics(metricsOfClaim(document.service, decision.holder, now()));
    if (decision.kind !== 'granted' || (await executions.succeed(taskToken, decision.document))) return;
    // Nobody takes the answer. Either it was given before, or this execution was stopped while it asked: then its claim
    // would never be freed.
    if (decision.item.claim !== undefined) await freeDead(document, decision.item.claim);
  };
}

const items = createServiceItems(installedTable());
const executions = createExecutions();
const deployments = createDeployments(installedTable());
const claims = createClaims(items, executions, deployments, now);

export const handler = forState(
  createClaimService({
    claims,
    deployments,
    runResults: createRunResults(installedTable()),
    executions,
    notifications: installedNotifications(),
    emitMetrics,
    now,
  }),
);
