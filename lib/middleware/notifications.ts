import { createNotifications } from '#lib/aws/notify/notifications.ts';
import { figure } from '#lib/deployment/notify/figures.ts';
import { logger } from './logger.ts';
import { record } from './metrics.ts';

/** The notifications of this installation. One that is not delivered is a warning in the log, and counted. */
export const loggedNotifications = () =>
  createNotifications(({ service }, error) => {
    logger.warn('The notification was not delivered', error);
    record([figure('NotificationsFailed', 1, { service })]);
  });
