import { logger } from '#lib/aws/sdk/logger.ts';
import { tracer } from '#lib/aws/sdk/tracer.ts';
import { correlationIdOf, type Known } from '#lib/deployment/correlation.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';

/** Which deployment or build a function works on, as its log lines name it. */
export type LogContext = Known & {
  service: string;
  commit?: string | undefined;
  execution?: string | undefined;
};

/** Adds the deployment to the trace and to all log lines and metrics from here on, by the same keys in every function. */
export function setLogContext(context: LogContext): void {
  const { service, deployment, commit, build, execution } = context;
  logger.appendKeys({ deployment, target: service, commit, build, execution });
  const correlationId = correlationIdOf(context);
  logger.setCorrelationId(correlationId);
  // What X-Ray can look traces up by, under the names of the log's keys.
  tracer.putAnnotation('correlation_id', correlationId);
  tracer.putAnnotation('target', service);
  if (deployment !== undefined) tracer.putAnnotation('deployment', deployment);
}

/** Takes the same from a document. */
export const setLogContextFrom = ({ service, deployment, release }: DeploymentDocument, execution?: string) =>
  setLogContext({ service, deployment, commit: release.commit, build: release.build?.id, execution });
