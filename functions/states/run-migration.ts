import { createBundles } from '#lib/aws/bundles.ts';
import { createEcsServices, type EcsServices } from '#lib/aws/ecs/services.ts';
import { createTaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import { createTasks, type RunTaskInput, type Tasks } from '#lib/aws/ecs/tasks.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { type DeploymentDocument, requireValue, type StateInput } from '#lib/deployment/document.ts';
import { migrationClientTokenOf, migrationStartedByOf } from '#lib/deployment/naming.ts';
import { decideStart, mayAdopt, STOP_REASON } from '#lib/deployment/rollout/migration.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, installedClaims } from '#lib/operations/claims.ts';
import { createTemplates, type Templates } from '#lib/operations/templates.ts';

/** What a service and RunTask have in common; the template passes it through unread. */
type Placing = Pick<
  RunTaskInput,
  'networkConfiguration' | 'launchType' | 'capacityProviderStrategy' | 'platformVersion'
>;

interface Needs {
  claims: Pick<Claims, 'assert' | 'act'>;
  templates: Templates;
  services: Pick<EcsServices, 'describe'>;
  tasks: Pick<Tasks, 'describe' | 'run' | 'stop' | 'unfinishedOf'>;
  now: Now;
}

/** Starts the migration task. One at a time: this release's running one is adopted, only a failed one is run again. */
export function createRunMigration({ claims, templates, services, tasks, now }: Needs): StateHandler {
  /** The task of an earlier attempt that still runs or has succeeded, of this execution or of whoever started it. */
  async function existingTask(document: DeploymentDocument): Promise<string | undefined> {
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

  /** awsvpc tasks need the service's subnets and security groups; an EC2 service with none needs nothing. */
  async function network(document: DeploymentDocument) {
    const { cluster, service } = document.settings;
    const definition = (await services.describe(cluster, service)) ?? (await templates.service(document));
    const { networkConfiguration, launchType, capacityProviderStrategy, platformVersion } =
      definition as Placing;
    // RunTask takes a launch type or a strategy, never both.
    const placed = capacityProviderStrategy === undefined ? { launchType } : { capacityProviderStrategy };
    return { networkConfiguration, platformVersion, ...placed };
  }

  async function start(input: StateInput, document: DeploymentDocument, attempt: number) {
    const request = {
      cluster: document.settings.cluster,
      taskDefinition: requireValue(document.taskDefinition, 'taskDefinition').arn,
      overrides: await templates.overrides(document),
      startedBy: migrationStartedByOf(document.service),
      clientToken: migrationClientTokenOf(document, attempt),
      count: 1,
      ...(await network(document)),
    };
    return claims.act({ ...input, document }, (call) => tasks.run(request, call));
  }

  return async (input) => {
    const document = await claims.assert(input);
    const { settings } = document;
    const { timeoutSeconds } = requireValue(settings.migration, 'settings.migration');
    const existing = await existingTask(document);
    const attempts = document.migration?.attempt ?? 0;
    const attempt = existing === undefined ? attempts + 1 : Math.max(attempts, 1);
    const started =
      existing === undefined ? await start(input, document, attempt) : { document, result: existing };
    const deadline = now() + timeoutSeconds * 1000;
    return {
      ...started.document,
      migration: { attempt, taskArn: started.result, deadline, status: 'running' },
    };
  };
}

const services = createEcsServices();

export const handler = forState(
  createRunMigration({
    claims: installedClaims(),
    templates: createTemplates(createBundles(), createTaskDefinitions(), services),
    services,
    tasks: createTasks(),
    now,
  }),
);
