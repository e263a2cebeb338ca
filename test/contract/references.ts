import { unescaped } from '#test/support/contract.ts';

/** What an OpenAPI document refers to, and what of its components nothing refers to. */

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every `$ref` in this part of a document, `#/components/schemas/Service`. */
function referencesIn(part: unknown): string[] {
  if (!isNode(part)) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

/** What stands at a JSON pointer in this document; undefined where nothing does, and for another document. */
function resolveReference(document: Node, reference: string): unknown {
  const [start, ...steps] = reference.split('/');
  if (start !== '#') return undefined;
  return steps
    .map(unescaped)
    .reduce<unknown>((node, step) => (isNode(node) ? node[step] : undefined), document);
}

/** The references that lead nowhere. */
export const findDanglingReferences = (document: Node): string[] => [
  ...new Set(
    referencesIn(document).filter((reference) => resolveReference(document, reference) === undefined),
  ),
];

/** The components that no operation comes to, neither itself nor by way of others. */
export function findUnusedComponents(document: Node): string[] {
  const { components, ...rest } = document;
  const used = new Set(securitySchemesIn(rest));
  const visit = (part: unknown) => {
    for (const reference of referencesIn(part)) {
      if (used.has(reference)) continue;
      used.add(reference);
      visit(resolveReference(document, reference));
    }
  };
  visit(rest);
  return Object.entries(components as Record<string, Node>)
    .flatMap(([kind, named]) => Object.keys(named).map((name) => `#/components/${kind}/${name}`))
    .filter((component) => !used.has(component));
}

/** Schemes of signing are named under `security`, not referred to. */
function securitySchemesIn(part: unknown): string[] {
  if (!isNode(part)) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'security' && Array.isArray(value)
      ? value.flatMap(Object.keys).map((name) => `#/components/securitySchemes/${name}`)
      : securitySchemesIn(value),
  );
}
