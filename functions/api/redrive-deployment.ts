import { now } from '#lib/aws/sdk/clock.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import { createExecutions } from '#lib/aws/states/executions.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { refuseFrozenUnlessForced } from '#lib/deployment/claim/claim.ts';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import { adviseInsteadOfRedrive } from '#lib/deployment/record/record.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { readServices } from '#lib/operations/configuration.ts';

const items = createServiceItems();
const deployments = createDeployments();
const executions = createExecutions();

/** POST /services/{service}/deployments/{deployment}/redrive: goes on from the step that failed. */
export const handler = forRoute({}, async ({ service, deployment, key, requestedBy }) => {
  settingsOf(readServices(), service);
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
});
