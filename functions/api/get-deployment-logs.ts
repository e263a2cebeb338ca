import * as z from 'zod';
import { decodeCursor, encodeCursor } from '#lib/aws/table/cursor.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { describeLogs } from '#lib/deployment/record/status.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { LogPosition, readDeploymentLogs } from '#lib/operations/deployment-logs.ts';

const deployments = createDeployments();

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

/** GET /services/{service}/deployments/{deployment}/logs: what its containers wrote last, or since the cursor. */
export const handler = forRoute({ query: Query }, async ({ service, deployment, query }) => {
  const settings = settingsOf(readServices(), service);
  const { cursor, ...rest } = query;
  const scope = `${service}/${deployment}/logs`;
  const position = cursor === undefined ? undefined : decodeCursor(scope, LogPosition, cursor);
  const record = await deployments.find(service, deployment);
  setLogContext(record);
  const { next, ...reading } = await readDeploymentLogs(record, settings, rest, position);
  return {
    status: 200,
    body: { ...describeLogs(record, reading), nextCursor: encodeCursor(scope, next) },
  };
});
