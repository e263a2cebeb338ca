import * as z from 'zod';
import { createTaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import { createTasks } from '#lib/aws/ecs/tasks.ts';
import { createLogStreams } from '#lib/aws/log-streams.ts';
import { decodeCursor, encodeCursor } from '#lib/aws/table/cursor.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { describeLogs } from '#lib/deployment/record/status.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { warn } from '#lib/middleware/logger.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { createDeploymentLogs, type DeploymentLogs, LogPosition } from '#lib/operations/deployment-logs.ts';

const Query = z.strictObject({
  limit: z
    .string()
    .regex(/^([1-9]\d{0,2}|1000)$/, 'has to be 1 to 1000')
    .default('100')
    .transform(Number),
  cursor: z.string().min(1).max(1024).optional(),
  container: z.string().min(1).max(255).optional(),
  migration: z
    .enum(['true', 'false'], { error: 'has to be true or false' })
    .default('false')
    .transform((text) => text === 'true'),
});
type Query = z.infer<typeof Query>;

interface Needs {
  services: () => Services;
  deployments: Pick<Deployments, 'find'>;
  logs: DeploymentLogs;
}

/** GET /services/{service}/deployments/{deployment}/logs: what its containers wrote last, or since the cursor. */
export function createGetDeploymentLogs({ services, deployments, logs }: Needs) {
  return async ({ service, deployment, query }: ApiRequest<undefined, Query>): Promise<ApiAnswer> => {
    const settings = settingsOf(services(), service);
    const { cursor, ...rest } = query;
    const scope = `${service}/${deployment}/logs`;
    const position = cursor === undefined ? undefined : decodeCursor(scope, LogPosition, cursor);
    const record = await deployments.find(service, deployment);
    setLogContext(record);
    const { next, ...reading } = await logs.read(record, settings, rest, position);
    return {
      status: 200,
      body: { ...describeLogs(record, reading), nextCursor: encodeCursor(scope, next) },
    };
  };
}

export const handler = forRoute(
  { query: Query },
  createGetDeploymentLogs({
    services: readServices,
    deployments: createDeployments(installedTable()),
    logs: createDeploymentLogs({
      tasks: createTasks(),
      taskDefinitions: createTaskDefinitions(),
      streams: createLogStreams(warn),
    }),
  }),
);
