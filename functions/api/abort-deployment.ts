import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import { notRunningError } from '#lib/deployment/record/record.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { readServices } from '#lib/operations/configuration.ts';

interface Needs {
  services: () => Services;
  deployments: Pick<Deployments, 'find'>;
  executions: Pick<Executions, 'lastRun' | 'stop'>;
}

/** POST /services/{service}/deployments/{deployment}/abort: stops the execution; execution-ended frees its claim. */
export function createAbortDeployment({ services, deployments, executions }: Needs) {
  return async ({ service, deployment, requestedBy }: ApiRequest): Promise<ApiAnswer> => {
    settingsOf(services(), service);
    const record = await deployments.find(service, deployment);
    setLogContext(record);
    const { execution, digest } = record;
    // The execution is asked, not the record: Step Functions answers a stop of what has ended as if it had stopped it.
    const run = await executions.lastRun(execution);
    if (run?.isRunning !== true) throw notRunningError(record);
    await executions.stop(execution, requestedBy);
    return {
      status: 202,
      body: { service, deployment, execution, correlationId: correlationIdOf(record), digest },
    };
  };
}

export const handler = forRoute(
  {},
  createAbortDeployment({
    services: readServices,
    deployments: createDeployments(installedTable()),
    executions: createExecutions(),
  }),
);
