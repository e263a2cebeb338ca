import { Metrics } from '@aws-lambda-powertools/metrics';
import { FIGURES, type Figure } from '#lib/deployment/notify/figures.ts';
import { logger } from './logger.ts';

/** The namespace of every figure in CloudWatch. */
export const NAMESPACE = 'Landfall';

export type RecordFigures = (figures: readonly Figure[]) => void;

/**
 * Writes figures as log lines that CloudWatch turns into metrics (Embedded Metric Format): no call, no permission, no
 * wait. Never fails: a figure must not fail a deployment.
 */
export const record: RecordFigures = (figures) => {
  for (const { name, value, dimensions } of figures) {
    try {
      // Each figure has dimensions of its own, so each is a line of its own. Powertools' own dimension is called
      // service, too: here it is the service that is deployed.
      const metrics = new Metrics({
        namespace: NAMESPACE,
        singleMetric: true,
        defaultDimensions: dimensions,
      });
      // A property of the line, so that it is found with the others; of no metric, as each would be one of its own.
      const correlationId = logger.getCorrelationId();
      if (typeof correlationId === 'string') metrics.addMetadata('correlation_id', correlationId);
      metrics.addMetric(name, FIGURES[name].unit, value);
    } catch (error) {
      logger.warn('A figure was not recorded', error as Error);
    }
  }
};
