import { createHistories, type Histories } from '#lib/aws/states/histories.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import { describeDeployment } from '#lib/deployment/record/status.ts';
import { summarizeHistory } from '#lib/deployment/record/steps.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { readServices } from '#lib/operations/configuration.ts';

interface Needs {
  services: () => Services;
  deployments: Pick<Deployments, 'find'>;
  histories: Histories;
}

/**
 * GET /services/{service}/deployments/{deployment}: with its steps and its failure. They are in the record once the
 * execution has ended and execution-ended has seen it; until then they are read from the execution's history.
 */
export function createGetDeployment({ services, deployments, histories }: Needs) {
  const summarize = async ({ steps, failure, execution }: DeploymentRecord) =>
    steps === undefined ? summarizeHistory(await histories.read(execution)) : { steps, failure };

  return async ({ service, deployment }: ApiRequest): Promise<ApiAnswer> => {
    settingsOf(services(), service);
    const record = await deployments.find(service, deployment);
    setLogContext(record);
    return { status: 200, body: describeDeployment(record, await summarize(record)) };
  };
}

export const handler = forRoute(
  {},
  createGetDeployment({
    services: readServices,
    deployments: createDeployments(installedTable()),
    histories: createHistories(),
  }),
);
