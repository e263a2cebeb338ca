import type { DeploymentDocument, Release } from './document.ts';

const sanitize = (text: string) => text.replaceAll(/[^0-9A-Za-z_-]/g, '-');

/**
 * The execution's name: derived from service, commit and build alone, so that a trigger that arrives twice is one
 * execution. At most 80 characters of 0-9 A-Z a-z - _ (Step Functions, StartExecution).
 */
export function namePushExecution(
  service: string,
  release: Pick<Release, 'commit' | 'digest' | 'build'>,
): string {
  const commit = (release.commit ?? release.digest.replace('sha256:', '')).slice(0, 12);
  const build = release.build === undefined ? '' : `-${release.build.number}`;
  return sanitize(`${service}-${commit}${build}`).slice(0, 80);
}

/** A manual deployment is named after its image and the caller's idempotency key (or request id). */
export function nameManualExecution(service: string, digest: string, key: string): string {
  return sanitize(`${service}-${digest.replace('sha256:', '').slice(0, 12)}-${key}`).slice(0, 80);
}

/** A rollback is named after the request alone: asked for again, it must not go back a second time. */
export const nameRollbackExecution = (service: string, key: string) =>
  sanitize(`${service}-rollback-${key}`).slice(0, 80);

/**
 * What RunTask's startedBy says of a service's migrations: letters, digits, - / _ and at most 128 characters. The same
 * for every release and attempt, so that whatever migration of this service still runs is found, whoever started it.
 */
export const migrationStartedByOf = (service: string) => `landfall/${service}`;

/**
 * RunTask's clientToken: one per attempt at a deployment's migration; at most 64 printable characters. A long name
 * keeps its end, where the build number or the idempotency key tells deployments apart.
 */
export function migrationClientTokenOf(
  document: Pick<DeploymentDocument, 'deployment'>,
  attempt: number,
): string {
  return `m${attempt}-${document.deployment.slice(-56)}`;
}
