import type { SchemaAhead, ServiceItem } from './service-item.ts';

/** How a deployment that did not go live leaves its service: not well since then, or led back by then. */
export type Aftermath = { brokenSince: number } | { restoredAt: number };

/**
 * The item of a service after a failed change. It stays broken since the first one that left it so, until it has been led
 * back or a release has gone live. Ends are told late and twice: what has gone live, or broken it, since matters more.
 */
export function withAftermath(item: ServiceItem, aftermath: Aftermath | undefined): ServiceItem {
  if (aftermath === undefined) return item;
  const { brokenSince, ...well } = item;
  if ('restoredAt' in aftermath)
    return brokenSince === undefined || brokenSince > aftermath.restoredAt ? item : well;
  const isMended = (item.lastKnownGood?.at ?? 0) > aftermath.brokenSince;
  return isMended || brokenSince !== undefined ? item : { ...item, brokenSince: aftermath.brokenSince };
}

/** The item of a service whose schema a migration has put ahead; an end that is told again changes nothing. */
export const withSchemaAhead = (item: ServiceItem, ahead: SchemaAhead | undefined): ServiceItem =>
  ahead === undefined || (item.schemaAhead?.at ?? 0) >= ahead.at ? item : { ...item, schemaAhead: ahead };
