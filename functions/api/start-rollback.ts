import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { createExecutions } from '#lib/aws/states/executions.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { freezeOf } from '#lib/deployment/claim/freeze.ts';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import { requestRollback } from '#lib/deployment/ending/request-rollback.ts';
import { documentOfRollback, rollbackTargetOf } from '#lib/deployment/ending/rollback.ts';
import { nameRollbackExecution } from '#lib/deployment/naming.ts';
import { RollbackRequest } from '#lib/deployment/release/request.ts';
import { type ServiceSettings, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { once } from '#lib/middleware/once.ts';
import { readServices } from '#lib/operations/configuration.ts';

const ecs = createEcsServices();
const items = createServiceItems();
const deployments = createDeployments();
const executions = createExecutions();

/** POST /services/{service}/rollback: deploys a release that has been live, by its revision, without migrating. */
export const handler = forRoute({ body: RollbackRequest }, async (request) => {
  const settings = settingsOf(readServices(), request.service);
  return once(request, () => start(request, settings));
});

async function start(
  { service, body, requestedBy, key }: ApiRequest<RollbackRequest>,
  settings: ServiceSettings,
): Promise<ApiAnswer> {
  const deployment = nameRollbackExecution(service, key);
  const started = answerWith(service, deployment);
  // Begun by a function that was cut short: by now the release before this one may be another.
  if ((await executions.lastRun(started.body.execution)) !== undefined) return started;
  const { to, force = false, freeze } = body;
  const asked = {
    deployment,
    named: to === undefined ? undefined : rollbackTargetOf(await deployments.find(service, to)),
    force,
    freeze: freeze && freezeOf(freeze, requestedBy, now()),
  };
  const running = (await ecs.describe(settings.cluster, settings.service))?.taskDefinition;
  const { joins, target } = await items.change(service, (item) =>
    requestRollback(item, asked, running, now()),
  );
  // Somebody has asked for the same way back before.
  if (joins !== undefined) return answerWith(service, joins.deployment, { joined: true });
  const registry = requireEnvironment('REGISTRY');
  // Under the freeze that it asked for itself it goes on.
  const mayPass = force || freeze !== undefined;
  await executions.start(
    documentOfRollback(service, settings, target, {
      registry,
      key,
      requestedBy,
      force: mayPass,
      acrossSchema: force,
    }),
  );
  return { ...started, body: { ...started.body, digest: target.digest } };
}

/** The deployment that goes back; the log is about it from here on. */
function answerWith(service: string, deployment: string, more: { joined?: true } = {}) {
  const execution = executions.arnOf(deployment);
  setLogContext({ service, deployment, execution });
  const correlationId = correlationIdOf({ deployment });
  return { status: 202, body: { service, deployment, execution, correlationId, ...more } };
}
