import type { Notifications } from '#lib/aws/notify/notifications.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { createDeploymentEnds, type DeploymentEnds } from '#lib/aws/table/deployment-ends.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { table } from '#lib/aws/table/table.ts';
import { deadRun } from '#lib/deployment/claim/request.ts';
import type { Holder } from '#lib/deployment/claim/service-item.ts';
import {
  type DeploymentDocument,
  parseDocument,
  required,
  type StateInput,
} from '#lib/deployment/document.ts';
import { accountOfDead } from '#lib/deployment/ending/execution-end.ts';
import { aboutDeployment } from '#lib/deployment/notify/notification.ts';
import { claimTime } from '#lib/deployment/notify/time-figures.ts';
import { type RecordFigures, record } from '#lib/middleware/metrics.ts';
import { loggedNotifications } from '#lib/middleware/notifications.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, createClaims } from '#lib/operations/claims.ts';

interface Needs {
  claims: Claims;
  deployments: Pick<Deployments, 'hasBegun' | 'open'>;
  ends: Pick<DeploymentEnds, 'presume'>;
  executions: Pick<Executions, 'succeed' | 'lastRun'>;
  notifications: Notifications;
  record: RecordFigures;
  now: Now;
}

/** Takes the service's claim, or leaves the token with it and waits for its turn. */
export function createClaimService({
  claims,
  deployments,
  ends,
  executions,
  notifications,
  record,
  now,
}: Needs): StateHandler<void> {
  /** Ends for an execution what it ended without doing itself, should the event about its end be lost. */
  async function freeDead({ service, deployment }: DeploymentDocument, holder: Holder): Promise<boolean> {
    const last = await executions.lastRun(holder.owner);
    const dead = deadRun(holder, last, now());
    if (dead === undefined) return false;
    const end = accountOfDead(last?.status, dead.redriveCount, deployment);
    await ends.presume(service, holder.deployment, end, now());
    await claims.release(service, dead);
    return true;
  }

  const tellBeginning = ({ document, execution }: StateInput) =>
    notifications.tell({
      ...aboutDeployment(document, execution),
      status: 'RUNNING',
      text: `${document.service}: ${document.release.commit ?? document.release.digest} is being deployed (deployment ${document.deployment}).`,
    });

  /** Told first, as an end is: should the function end in between, its next attempt tells it twice rather than nobody. */
  async function begin(input: StateInput): Promise<void> {
    const { document, execution } = input;
    const { arn, redriveCount } = execution;
    if (await deployments.hasBegun(document, redriveCount)) return;
    await tellBeginning(input);
    await deployments.open(document, { execution: arn, redriveCount }, now());
  }

  return async (input) => {
    const document = parseDocument(input.document);
    const { arn: owner, redriveCount, startedAt, redrivenAt = startedAt } = input.execution;
    const taskToken = required(input.taskToken, 'taskToken');
    const asking = { owner, redriveCount, document, taskToken, startedAt: redrivenAt };

    await begin({ ...input, document });
    let decision = await claims.request(asking);
    if (decision.kind !== 'granted' && decision.holder && (await freeDead(document, decision.holder))) {
      decision = await claims.request(asking);
    }
    if (decision.kind === 'refused') throw decision.error;
    // Who holds it may be past telling.
    if (decision.kind === 'waiting') record(claimTime(document.service, decision.holder, now()));
    if (decision.kind !== 'granted' || (await executions.succeed(taskToken, decision.document))) return;
    // Nobody waits for the answer: it was given before, or this execution was stopped before it had a claim to free.
    if (decision.item.claim !== undefined) await freeDead(document, decision.item.claim);
  };
}

const items = createServiceItems(table());
const executions = createExecutions();
const deployments = createDeployments(table());
const claims = createClaims(items, executions, deployments, now);

export const handler = forState(
  createClaimService({
    claims,
    deployments,
    ends: createDeploymentEnds(table()),
    executions,
    notifications: loggedNotifications(),
    record,
    now,
  }),
);
