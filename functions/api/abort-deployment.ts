import { createExecutions } from '#lib/aws/states/executions.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import { notRunningError } from '#lib/deployment/record/record.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { readServices } from '#lib/operations/configuration.ts';

const deployments = createDeployments();
const executions = createExecutions();

/** POST /services/{service}/deployments/{deployment}/abort: stops the execution; execution-ended frees its claim. */
export const handler = forRoute({}, async ({ service, deployment, requestedBy }) => {
  settingsOf(readServices(), service);
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
});
