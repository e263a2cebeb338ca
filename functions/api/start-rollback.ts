import { createEcsServices, type EcsServices } from '#lib/aws/ecs/services.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { createRequests } from '#lib/aws/table/requests.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/table/service-items.ts';
import { installedTable } from '#lib/aws/table/table.ts';
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
import { type ServiceSettings, type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { createOnce, type Once } from '#lib/middleware/once.ts';
import { readServices } from '#lib/operations/configuration.ts';

interface Needs {
  services: () => Services;
  registry: () => string;
  ecs: Pick<EcsServices, 'describe'>;
  items: Pick<ServiceItems, 'read'>;
  deployments: Pick<Deployments, 'find'>;
  executions: Pick<Executions, 'arnOf' | 'lastRun' | 'start'>;
  once: Once;
  now: Now;
}

/** POST /services/{service}/rollback: deploys a release that has been live, by its revision, without migrating. */
export function createStartRollback(needs: Needs) {
  const { services, registry, ecs, items, deployments, executions, once, now } = needs;

  type Request = ApiRequest<RollbackRequest>;

  async function choose(item: ServiceItem, { cluster, service: name }: ServiceSettings, to?: string) {
    if (to !== undefined) return rollbackTargetOf(await deployments.find(item.service, to));
    const running = await ecs.describe(cluster, name);
    return chooseRollbackTarget(item, running?.taskDefinition);
  }

  async function start(
    { service, body, requestedBy, key }: Request,
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
    const to = await choose(item, settings, body.to);
    if (!force) refuseSchemaAhead(item, to);
    await executions.start(
      documentOfRollback(service, settings, to, { registry: registry(), key, requestedBy, force }),
    );
    return { ...started, body: { ...started.body, digest: to.digest } };
  }

  return async (request: Request): Promise<ApiAnswer> => {
    const settings = settingsOf(services(), request.service);
    return once(request, () => start(request, settings));
  };
}

export const handler = forRoute(
  { body: RollbackRequest },
  createStartRollback({
    services: readServices,
    registry: () => requireEnvironment('REGISTRY'),
    ecs: createEcsServices(),
    items: createServiceItems(installedTable()),
    deployments: createDeployments(installedTable()),
    executions: createExecutions(),
    once: createOnce(createRequests(installedTable()), now),
    now,
  }),
);
