import { Metrics } from '@aws-lambda-powertools/metrics';
import { logger } from '#lib/aws/sdk/logger.ts';
import { METRICS, type Metric } from '#lib/deployment/notify/metrics.ts';

/** The namespace of every metric in CloudWatch. */
export const NAMESPACE = 'Landfall';

/**
 * Writes log lines that CloudWatch turns into metrics (Embedded Metric Format): no call, no permission, no wait. Never
 * fails: a metric must not fail a deployment.
 */
export function emitMetrics(metrics: readonly Metric[]): void {
  for (const { name, value, dimensions } of metrics) {
    try {
      // Each metric has dimensions of its own, so each is a line of its own. Powertools' own dimension is called
      // service, too: here it is the service that is deployed.
      const line = new Metrics({
        namespace: NAMESPACE,
        singleMetric: true,
        defaultDimensions: dimensions,
      });
      // A property of the line, so that it is found with the others; of no metric, as each would be one of its own.
      const correlationId = logger.getCorrelationId();
      if (typeof correlationId === 'string') line.addMetadata('correlation_id', correlationId);
      line.addMetric(name, METRICS[name].unit, value);
    } catch (error) {
      logger.warn('A metric was not emitted', error as Error);
    }
  }
}
