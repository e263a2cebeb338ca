import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { flagOf, isTakenOver } from '#lib/deployment/errors.ts';
import type { SchemaAhead, ServiceItem } from './service-item.ts';

/**
 * A migration of this deployment has run after which the old code cannot run; also one that failed, because nobody
 * knows how far it came.
 */
export const isSchemaAhead = ({ migration, settings, failure }: DeploymentDocument) =>
  settings.migration?.backwardCompatible === false &&
  migration !== undefined &&
  !flagOf(failure?.error, 'neverMigrated');

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
