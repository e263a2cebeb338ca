import { StackError } from './errors.ts';
import { resourceTypes } from './resources/index.ts';
import type { Properties, ResourceType } from './resources/resource-type.ts';
import type { Template } from './template.ts';

/** Refuses a template with resources that this sandbox cannot create, all of them in one message. */
export function checkTypes(template: Template, active: Set<string>): void {
  const unknown = [...active].filter((logicalId) => !(template.Resources[logicalId]!.Type in resourceTypes));
  if (unknown.length === 0) return;
  const listed = unknown.map((logicalId) => `${logicalId} (${template.Resources[logicalId]!.Type})`);
  throw new StackError(`Resource types that this sandbox does not support: ${listed.join(', ')}`, {
    logicalId: unknown[0],
    resourceType: template.Resources[unknown[0]!]!.Type,
  });
}

/** Refuses a property that would be lost, and lists those that are only recorded. */
export function checkProperties(
  logicalId: string,
  type: string,
  { properties: supported, recorded = [] }: ResourceType,
  properties: Properties,
): { logicalId: string; type: string; property?: string }[] {
  if (supported === '*' && recorded.length === 0) return [];
  if (recorded.includes('*')) return [{ logicalId, type }];
  const unknown = Object.keys(properties).filter(
    (name) => supported !== '*' && !supported.includes(name) && !recorded.includes(name),
  );
  if (unknown.length > 0) {
    throw new StackError(`${logicalId} (${type}): not supported by this sandbox: ${unknown.join(', ')}`, {
      logicalId,
      resourceType: type,
    });
  }
  return Object.keys(properties)
    .filter((name) => recorded.includes(name))
    .map((property) => ({ logicalId, type, property }));
}
