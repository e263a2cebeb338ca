import type { DeploymentDocument, SchemaAhead } from '#lib/deployment/document.ts';
import { DeploymentError, flagOf, isTakenOver } from '#lib/deployment/errors.ts';
import { formatInstant } from '#lib/deployment/instant.ts';
import { rememberedOf } from './previous-good.ts';
import type { ServiceItem } from './service-item.ts';

/**
 * A migration of this deployment has run after which the old code cannot run. Also one that failed, because nobody
 * knows how far it came. And one of which nobody knows whether it started: RunTask may have landed.
 */
export const isSchemaAhead = ({ migration, settings, failure }: DeploymentDocument) =>
  settings.migration?.backwardCompatible === false &&
  (migration !== undefined || mayHaveStarted(failure)) &&
  !flagOf(failure?.error, 'neverMigrated');

const mayHaveStarted = (failure: DeploymentDocument['failure']) =>
  failure?.state === 'RunMigration' && !flagOf(failure.error, 'changedNothing');

/** The last known good went live before the schema moved on: it cannot be gone back to. */
export const isGoodBehindSchema = ({ lastKnownGood, schemaAhead }: DeploymentDocument) =>
  lastKnownGood != null && schemaAhead !== undefined && lastKnownGood.at < schemaAhead.at;

/**
 * Refuses a release that cannot run on the schema: a rollback to one that went live before it moved on, and the redrive
 * of a build that began before. Asked whenever a claim is granted, because a migration may have run since somebody
 * asked for the deployment. Fails with SchemaAhead.
 */
export function refuseBehindSchema(item: ServiceItem, document: DeploymentDocument): void {
  const { schemaAhead } = item;
  const { deployment, trigger, release } = document;
  if (schemaAhead === undefined || trigger.acrossSchema || schemaAhead.deployment === deployment) return;
  const since = release.taskDefinition === undefined ? builtBefore(document) : wentLiveAt(item, document);
  const what = release.taskDefinition === undefined ? 'was built' : 'goes back to what went live';
  if (since !== undefined) refuseOlderThanSchema(schemaAhead, since, `${deployment} ${what} before`);
}

/** Refuses what is of `since` where the schema has moved on after that. `why` says what is. Fails with SchemaAhead. */
export function refuseOlderThanSchema(
  schemaAhead: SchemaAhead | undefined,
  since: number,
  why: string,
): void {
  if (schemaAhead === undefined || since >= schemaAhead.at) return;
  throw new DeploymentError(
    'SchemaAhead',
    `that of ${schemaAhead.deployment} (${formatInstant(schemaAhead.at)}) is not backward compatible, and ${why}`,
  );
}

/** A push that comes late is superseded or newer; only who is re-driven brings old code back. */
const builtBefore = ({ resume, release }: DeploymentDocument) =>
  resume === undefined ? undefined : release.build?.startedAt;

/** When the revision that a rollback names had gone live; 0, so before any migration, where nobody remembers. */
function wentLiveAt(item: ServiceItem, { deployment, release }: DeploymentDocument): number {
  if (item.rollback?.deployment === deployment) return item.rollback.wentLiveAt;
  return rememberedOf(item).find((each) => each.taskDefinition === release.taskDefinition)?.at ?? 0;
}

/**
 * Whether the run that ends with this document has put the schema ahead of what was live before. A run that was refused
 * in the queue, or lost the service to another deployment, has migrated nothing itself.
 */
export const hasMovedSchema = (document: DeploymentDocument) =>
  isSchemaAhead(document) &&
  document.failure?.state !== 'ClaimService' &&
  !isTakenOver(document.failure?.error);

/** The service's item with that migration. An event that arrives again changes nothing. */
export const withSchemaAhead = (item: ServiceItem, ahead: SchemaAhead | undefined): ServiceItem =>
  ahead === undefined || (item.schemaAhead?.at ?? 0) >= ahead.at ? item : { ...item, schemaAhead: ahead };
