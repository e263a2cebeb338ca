import * as z from 'zod';
import { decodeCursor, encodeCursor } from '#lib/aws/table/cursor.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { summarizeDeployment } from '#lib/deployment/record/status.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { readServices } from '#lib/operations/configuration.ts';

const deployments = createDeployments();

/** Where a page ends: the record that was last on it. */
const Position = z.object({
  startedAt: z.number().int().nonnegative(),
  deployment: z.string().min(1).max(80),
});

const Query = z.strictObject({
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'has to be 1 to 100')
    .default('20')
    .transform(Number),
  cursor: z.string().min(1).max(1024).optional(),
});

/** GET /services/{service}/deployments: the history, newest first, in pages. */
export const handler = forRoute({ query: Query }, async ({ service, query }) => {
  settingsOf(readServices(), service);
  const { limit, cursor } = query;
  const after = cursor === undefined ? undefined : decodeCursor(service, Position, cursor);
  const { records, next } = await deployments.list(service, limit, after);
  return {
    status: 200,
    body: {
      deployments: records.map(summarizeDeployment),
      nextCursor: next === undefined ? null : encodeCursor(service, Position.parse(next)),
    },
  };
});
