import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { createExecutions } from '#lib/aws/states/executions.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { refuseFrozen } from '#lib/deployment/claim/freeze.ts';
import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import {
  chooseRollbackTarget,
  documentOfRollback,
  refuseSchemaAhead,
  rollbackTargetOf,
} from '#lib/deployment/ending/rollback.ts';
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
  const execution = executions.arnOf(deployment);
  setLogContext({ service, deployment, execution });
  const correlationId = correlationIdOf({ deployment });
  const started = { status: 202, body: { service, deployment, execution, correlationId } };
  // Begun by a function that was cut short: by now the release before this one may be another.
  if ((await executions.lastRun(execution)) !== undefined) return started;
  const item = await items.read(service);
  const { force = false } = body;
  if (!force) refuseFrozen(item, now());
  const to = await chooseTarget(item, settings, body.to);
  if (!force) refuseSchemaAhead(item, to);
  const registry = requireEnvironment('REGISTRY');
  await executions.start(documentOfRollback(service, settings, to, { registry, key, requestedBy, force }));
  return { ...started, body: { ...started.body, digest: to.digest } };
}

async function chooseTarget(item: ServiceItem, { cluster, service: name }: ServiceSettings, to?: string) {
  if (to !== undefined) return rollbackTargetOf(await deployments.find(item.service, to));
  const running = await ecs.describe(cluster, name);
  return chooseRollbackTarget(item, running?.taskDefinition);
}
