import { createNotifications } from '#lib/aws/notify/notifications.ts';
import { createMetric } from '#lib/deployment/notify/metrics.ts';
import { logger } from './logger.ts';
import { emitMetrics } from './metrics.ts';

/** The notifications of this installation. One that is not delivered is a warning in the log, and counted. */
export const installedNotifications = () =>
  createNotifications(({ service }, error) => {
    logger.warn('The notification was not delivered', error);
    emitMetrics([createMetric('NotificationsFailed', 1, { service })]);
  });
