import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from '@swc/core';
import { root, sources } from './wiring.ts';

/** What imports what, by names of files or of folders. */
export type ImportGraph = Map<string, Set<string>>;

/** The TypeScript of these folders: each file, as a path from the root, with the files that it imports. */
export function readImportGraph(...folders: string[]): ImportGraph {
  return new Map(
    sources(...folders).map((file) => [
      file,
      new Set(importedFilesOf(file, readFileSync(join(root, file), 'utf8'))),
    ]),
  );
}

/** The files that a source names by path or by alias, for a value or for a type alone. Packages are left out. */
export function importedFilesOf(file: string, source: string): string[] {
  return specifiersIn(parseSync(source, { syntax: 'typescript' })).flatMap((specifier) => {
    if (specifier.startsWith('#')) return specifier.slice(1);
    return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : [];
  });
}

/** The parts of swc's syntax tree that name another module. */
interface SyntaxNode {
  type?: string;
  /** `import … from 'x'`, `export … from 'x'` */
  source?: { value: string } | null;
  /** `type Y = import('x').Y` */
  argument?: { value: string };
  /** `await import('x')` */
  callee?: { type: string };
  arguments?: { expression: { value?: unknown } }[];
}

function specifiersIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const specifier = specifierOf(node);
  return [
    ...(typeof specifier === 'string' ? [specifier] : []),
    ...Object.values(node).flatMap(specifiersIn),
  ];
}

function specifierOf({ type = '', source, argument, callee, arguments: given }: SyntaxNode): unknown {
  if (/^(Import|Export\w+)Declaration$/.test(type)) return source?.value;
  if (type === 'TsImportType') return argument?.value;
  return callee?.type === 'Import' ? given?.[0]?.expression.value : undefined;
}

/** The same imports between rooms: what a room imports from itself is left out. */
export function groupByRoom(graph: ImportGraph, roomOf: (file: string) => string): ImportGraph {
  const rooms: ImportGraph = new Map();
  for (const [file, imported] of graph) {
    const room = roomOf(file);
    const others = [...imported].map(roomOf).filter((other) => other !== room);
    rooms.set(room, new Set([...(rooms.get(room) ?? []), ...others]));
  }
  return rooms;
}

/** The ways that lead back to where they began, as `a -> b -> a`. None: there is no circle. */
export function findCircles(graph: ImportGraph): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, way: string[]) => {
    if (way.includes(name)) found.push([...way.slice(way.indexOf(name)), name].join(' -> '));
    if (way.includes(name) || done.has(name)) return;
    for (const imported of graph.get(name) ?? []) visit(imported, [...way, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return found;
}
