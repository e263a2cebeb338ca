import { type Claims, createClaims } from '#lib/aws/claims.ts';
import { type Now, now } from '#lib/aws/clock.ts';
import { createDeployments, type Deployments } from '#lib/aws/deployments.ts';
import { createExecutions, type Executions } from '#lib/aws/executions.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/service-items.ts';
import { table } from '#lib/aws/table.ts';
import { requestClaim } from '#lib/deployment/claim.ts';
import { parseDocument, required } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';

interface Needs {
  items: ServiceItems;
  claims: Claims;
  deployments: Pick<Deployments, 'open'>;
  executions: Pick<Executions, 'succeed' | 'fail' | 'isRunning'>;
  now: Now;
}

/** Takes the service's claim, or leaves the token with it and waits for its turn. */
export function createClaimService({
  items,
  claims,
  deployments,
  executions,
  now,
}: Needs): StateHandler<void> {
  return async (input) => {
    const document = parseDocument(input.document);
    const { arn: owner, redriveCount } = input.execution;
    const claimant = { owner, redriveCount, document, taskToken: required(input.taskToken, 'taskToken') };
    const ask = () => items.change(document.service, (item) => requestClaim(item, claimant, now()));

    await deployments.open(document, { execution: owner, redriveCount }, now());
    let decision = await ask();
    // A holder whose execution has ended without freeing its claim (the event about it was lost) is no holder.
    if (decision.kind !== 'granted' && !(await executions.isRunning(decision.holder))) {
      await claims.release(document.service, {
        owner: decision.holder,
        redriveCount: Number.MAX_SAFE_INTEGER,
      });
      decision = await ask();
    }
    if (decision.kind === 'refused') throw decision.error;
    if (decision.kind === 'granted') {
      await executions.succeed(claimant.taskToken, decision.document);
      return;
    }
    if (decision.displaced !== undefined) {
      const why = `${document.deployment} (${document.release.commit ?? document.release.digest}) took its place in the queue`;
      await executions.fail(decision.displaced.taskToken, new DeploymentError('Superseded', why));
    }
  };
}

const items = createServiceItems(table());
const executions = createExecutions();
const claims = createClaims(items, executions, now);
const deployments = createDeployments(table());

export const handler = forState(createClaimService({ items, claims, deployments, executions, now }));
