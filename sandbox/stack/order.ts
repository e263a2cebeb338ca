import { StackError } from './errors.ts';
import { references } from './references.ts';
import type { Template, TemplateResource } from './template.ts';

function dependencies(resource: TemplateResource): Set<string> {
  const found = references(resource.Properties);
  for (const logicalId of [resource.DependsOn ?? []].flat()) found.add(logicalId);
  return found;
}

/**
 * The logical ids in an order in which each resource comes after those it refers to. `active` are the resources
 * whose condition holds; a reference to one that the template does not know at all is an error here, before
 * anything is created, as in CloudFormation.
 */
export function creationOrder(template: Template, active: Set<string>): string[] {
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {})]);
  const order: string[] = [];
  const done = new Set<string>();

  const visit = (logicalId: string, path: string[]): void => {
    if (done.has(logicalId)) return;
    if (path.includes(logicalId)) throw circular(path.slice(path.indexOf(logicalId)));
    const resource = template.Resources[logicalId]!;
    for (const name of dependencies(resource)) {
      if (name.startsWith('AWS::')) continue;
      if (!known.has(name)) throw unresolved(name, logicalId, resource);
      if (active.has(name)) visit(name, [...path, logicalId]);
    }
    done.add(logicalId);
    order.push(logicalId);
  };

  for (const logicalId of active) visit(logicalId, []);
  return order;
}

function circular(path: string[]): StackError {
  return new StackError(`Circular dependency between resources: [${path.join(', ')}]`, {
    logicalId: path[0],
  });
}

function unresolved(name: string, logicalId: string, resource: TemplateResource): StackError {
  return new StackError(
    `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template: ${logicalId} (${resource.Type}) refers to it`,
    { logicalId, resourceType: resource.Type },
  );
}
