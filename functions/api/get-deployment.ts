import { createHistories } from '#lib/aws/states/histories.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import { describeDeployment } from '#lib/deployment/record/status.ts';
import { summarizeHistory } from '#lib/deployment/record/steps.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { readServices } from '#lib/operations/configuration.ts';

const deployments = createDeployments();
const histories = createHistories();

/** GET /services/{service}/deployments/{deployment}: with its steps and its failure. */
export const handler = forRoute({}, async ({ service, deployment }) => {
  settingsOf(readServices(), service);
  const record = await deployments.find(service, deployment);
  setLogContext(record);
  return { status: 200, body: describeDeployment(record, await summarize(record)) };
});

/**
 * Steps and failure are in the record once the execution has ended and execution-ended has seen it. Until then they are
 * read from the execution's history.
 */
const summarize = async ({ steps, failure, execution }: DeploymentRecord) =>
  steps === undefined ? summarizeHistory(await histories.read(execution)) : { steps, failure };
