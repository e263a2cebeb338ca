import { tracer } from '#lib/aws/sdk/tracer.ts';
import { correlationIdOf, type Known } from '#lib/deployment/correlation.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { logger } from './logger.ts';

/** What a function is busy with. */
export type Subject = Known & {
  service: string;
  commit?: string | undefined;
  execution?: string | undefined;
};

/** Names the deployment in the trace and in every log line and figure from here on, under the same keys in every function. */
export function concern(subject: Subject): void {
  const { service, deployment, commit, build, execution } = subject;
  logger.appendKeys({ deployment, target: service, commit, build, execution });
  const correlationId = correlationIdOf(subject);
  logger.setCorrelationId(correlationId);
  // What X-Ray can look traces up by, under the names of the log's keys.
  tracer.putAnnotation('correlation_id', correlationId);
  tracer.putAnnotation('target', service);
  if (deployment !== undefined) tracer.putAnnotation('deployment', deployment);
}

/** The same of a document that is at hand. */
export const concernDocument = ({ service, deployment, release }: DeploymentDocument, execution?: string) =>
  concern({ service, deployment, commit: release.commit, build: release.build?.id, execution });
