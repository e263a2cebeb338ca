import { now } from '#lib/aws/clock.ts';
import { createDeployments } from '#lib/aws/deployments.ts';
import { createEndings } from '#lib/aws/endings.ts';
import { table } from '#lib/aws/table.ts';
import { record } from './metrics.ts';
import { loggedNotifications } from './notifications.ts';

/** The ends of this installation's deployments: told, recorded and counted. */
export const tableEndings = () =>
  createEndings(createDeployments(table()), loggedNotifications(), record, now);
