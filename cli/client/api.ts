import type {
  Build,
  Deployment,
  DeploymentRequest,
  DeploymentSummary,
  DryRun,
  Frozen,
  LogQuery,
  Logs,
  RollbackRequest,
  Service,
  StartedBuild,
  StartedDeployment,
  Unfrozen,
} from './contract.ts';
import { refusalOf } from './refusal.ts';
import type { Request, Send } from './request.ts';

export type Api = ReturnType<typeof createApi>;

/** The routes of docs/openapi.yaml. */
export function createApi(send: Send) {
  async function call<Answer>(request: Request): Promise<Answer> {
    const response = await send(request);
    if (!response.ok) throw await refusalOf(response, request);
    return (await response.json()) as Answer;
  }

  return {
    services: async () =>
      (await call<{ services: Service[] }>({ method: 'GET', path: '/services' })).services,
    service: (service: string) => call<Service>({ method: 'GET', path: pathOf(service) }),
    deployments: (service: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) =>
      call<{ deployments: DeploymentSummary[]; nextCursor: string | null }>({
        method: 'GET',
        path: pathOf(service, 'deployments'),
        query: { limit: String(limit), ...(cursor === undefined ? {} : { cursor }) },
      }),
    logs: (service: string, deployment: string, { limit, cursor, container, migration = false }: LogQuery) =>
      call<Logs>({
        method: 'GET',
        path: pathOf(service, 'deployments', deployment, 'logs'),
        query: {
          limit: String(limit),
          ...(cursor === undefined ? {} : { cursor }),
          ...(container === undefined ? {} : { container }),
          ...(migration ? { migration: 'true' } : {}),
        },
      }),
    deployment: (service: string, deployment: string) =>
      call<Deployment>({ method: 'GET', path: pathOf(service, 'deployments', deployment) }),
    build: (service: string, build: string) =>
      call<Build>({ method: 'GET', path: pathOf(service, 'builds', build) }),
    deploy: (service: string, body: DeploymentRequest, idempotencyKey: string) =>
      call<StartedDeployment | StartedBuild>({
        method: 'POST',
        path: pathOf(service, 'deployments'),
        body,
        idempotencyKey,
      }),
    dryRun: (service: string, body: DeploymentRequest) =>
      call<DryRun>({
        method: 'POST',
        path: pathOf(service, 'deployments'),
        body,
        query: { dryRun: 'true' },
        // It changes nothing, so that it may be repeated.
        idempotencyKey: 'dry-run',
      }),
    rollBack: (service: string, body: RollbackRequest, idempotencyKey: string) =>
      call<StartedDeployment>({
        method: 'POST',
        path: pathOf(service, 'rollback'),
        body,
        idempotencyKey,
      }),
    redrive: (service: string, deployment: string, idempotencyKey: string) =>
      call<StartedDeployment>({
        method: 'POST',
        path: pathOf(service, 'deployments', deployment, 'redrive'),
        idempotencyKey,
      }),
    abort: (service: string, deployment: string) =>
      call<StartedDeployment>({ method: 'POST', path: pathOf(service, 'deployments', deployment, 'abort') }),
    freeze: (service: string, body: { reason: string; until?: string }) =>
      call<Frozen>({ method: 'PUT', path: pathOf(service, 'freeze'), body }),
    unfreeze: (service: string) => call<Unfrozen>({ method: 'DELETE', path: pathOf(service, 'freeze') }),
  };
}

const pathOf = (...parts: string[]) => `/services/${parts.map(encodeURIComponent).join('/')}`;
