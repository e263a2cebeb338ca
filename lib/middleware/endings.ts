import { now } from '#lib/aws/sdk/clock.ts';
import { createDeploymentEnds } from '#lib/aws/table/deployment-ends.ts';
import { table } from '#lib/aws/table/table.ts';
import { createEndings } from '#lib/operations/endings.ts';
import { record } from './metrics.ts';
import { loggedNotifications } from './notifications.ts';

/** The ends of this installation's deployments: told, recorded and counted. */
export const tableEndings = () =>
  createEndings(createDeploymentEnds(table()), loggedNotifications(), record, now);
