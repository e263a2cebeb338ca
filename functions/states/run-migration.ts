import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { createTasks, type RunTaskInput } from '#lib/aws/ecs/tasks.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { type DeploymentDocument, requireValue, type StateInput } from '#lib/deployment/document.ts';
import { migrationClientTokenOf, migrationStartedByOf } from '#lib/deployment/naming.ts';
import { decideStart, mayAdopt, STOP_REASON } from '#lib/deployment/rollout/migration.ts';
import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';
import * as templates from '#lib/operations/templates.ts';

const services = createEcsServices();
const tasks = createTasks();

/** Starts the migration task. One at a time: this release's running one is adopted, only a failed one is run again. */
export const handler = forState(async (input) => {
  const document = await claims.assert(input);
  const { timeoutSeconds } = requireValue(document.settings.migration, 'settings.migration');
  const existing = await findExistingTask(document);
  const attempts = document.migration?.attempt ?? 0;
  const attempt = existing === undefined ? attempts + 1 : Math.max(attempts, 1);
  const started =
    existing === undefined ? await start({ ...input, document }, attempt) : { document, result: existing };
  const deadline = now() + timeoutSeconds * 1000;
  return {
    ...started.document,
    migration: { attempt, taskArn: started.result, deadline, status: 'running' },
  };
});

/** The task of an earlier attempt that still runs or has succeeded, of this execution or of whoever started it. */
async function findExistingTask(document: DeploymentDocument): Promise<string | undefined> {
  const { cluster } = document.settings;
  const revision = requireValue(document.taskDefinition, 'taskDefinition').arn;
  const previous = document.migration?.taskArn;
  if (previous !== undefined && mayAdopt(await tasks.describe(cluster, previous))) return previous;
  const { timeoutSeconds } = requireValue(document.settings.migration, 'settings.migration');
  const unfinished = await tasks.unfinishedOf(cluster, migrationStartedByOf(document.service));
  const decision = decideStart(unfinished, revision, timeoutSeconds, now());
  if (decision.act === 'wait') {
    if (decision.overdue) await tasks.stop(cluster, decision.taskArn, STOP_REASON);
    throw decision.error;
  }
  return decision.act === 'adopt' ? decision.taskArn : undefined;
}

async function start(input: StateInput, attempt: number) {
  const { document } = input;
  const request = {
    cluster: document.settings.cluster,
    taskDefinition: requireValue(document.taskDefinition, 'taskDefinition').arn,
    overrides: await templates.overrides(document),
    startedBy: migrationStartedByOf(document.service),
    clientToken: migrationClientTokenOf(document, attempt),
    count: 1,
    ...(await placingOf(document)),
  };
  return claims.act(input, (call) => tasks.run(request, call));
}

/** What a service and RunTask have in common; the template passes it through unread. */
type Placing = Pick<
  RunTaskInput,
  'networkConfiguration' | 'launchType' | 'capacityProviderStrategy' | 'platformVersion'
>;

/** awsvpc tasks need the service's subnets and security groups; an EC2 service with none needs nothing. */
async function placingOf(document: DeploymentDocument) {
  const { cluster, service } = document.settings;
  const definition = (await services.describe(cluster, service)) ?? (await templates.service(document));
  const { networkConfiguration, launchType, capacityProviderStrategy, platformVersion } =
    definition as Placing;
  // RunTask takes a launch type or a strategy, never both.
  const placed = capacityProviderStrategy === undefined ? { launchType } : { capacityProviderStrategy };
  return { networkConfiguration, platformVersion, ...placed };
}
