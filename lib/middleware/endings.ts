import { now } from '#lib/aws/clock.ts';
import { createDeploymentEnds } from '#lib/aws/deployment-ends.ts';
import { createEndings } from '#lib/aws/endings.ts';
import { table } from '#lib/aws/table.ts';
import { record } from './metrics.ts';
import { loggedNotifications } from './notifications.ts';

/** The ends of this installation's deployments: told, recorded and counted. */
export const tableEndings = () =>
  createEndings(createDeploymentEnds(table()), loggedNotifications(), record, now);
