import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/table/service-items.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { refuseFrozenUnlessForced } from '#lib/deployment/claim/claim.ts';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import { adviseInsteadOfRedrive } from '#lib/deployment/record/record.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { readServices } from '#lib/operations/configuration.ts';

interface Needs {
  services: () => Services;
  items: Pick<ServiceItems, 'read'>;
  deployments: Pick<Deployments, 'find' | 'noteRedrive' | 'dropRedrive'>;
  executions: Pick<Executions, 'redrive'>;
  now: Now;
}

/** POST /services/{service}/deployments/{deployment}/redrive: goes on from the step that failed. */
export function createRedriveDeployment({ services, items, deployments, executions, now }: Needs) {
  return async ({ service, deployment, key, requestedBy }: ApiRequest): Promise<ApiAnswer> => {
    settingsOf(services(), service);
    const record = await deployments.find(service, deployment);
    setLogContext(record);
    const { execution, digest } = record;
    refuseFrozenUnlessForced(record, await items.read(service), now());
    // Before the run begins: its first state takes over what the record says of it.
    const isNoted = await deployments.noteRedrive(record, requestedBy);
    try {
      await executions.redrive(execution, key, adviseInsteadOfRedrive(record));
    } catch (error) {
      if (isNoted && hasName(error, 'NotRedrivable')) await deployments.dropRedrive(record);
      throw error;
    }
    return {
      status: 202,
      body: { service, deployment, execution, correlationId: correlationIdOf(record), digest },
    };
  };
}

export const handler = forRoute(
  {},
  createRedriveDeployment({
    services: readServices,
    items: createServiceItems(installedTable()),
    deployments: createDeployments(installedTable()),
    executions: createExecutions(),
    now,
  }),
);
