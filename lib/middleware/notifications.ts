import { createNotifications } from '#lib/aws/notify/notifications.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { createMetric } from '#lib/deployment/notify/metrics.ts';
import { emitMetrics } from './metrics.ts';

/** One that is not delivered is a warning in the log, and counted. */
export const notifications = createNotifications(({ service }, error) => {
  logger.warn('The notification was not delivered', error);
  emitMetrics([createMetric('NotificationsFailed', 1, { service })]);
});
