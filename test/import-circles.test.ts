import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findCircles, groupByRoom, importedFilesOf, readImportGraph } from './support/import-graph.ts';
import { root } from './support/wiring.ts';

/** What is type-checked is what there is. */
const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { include: string[] };

/** A folder is a room. What lies beside the rooms of cli/ and lib/deployment is their ground or their top. */
const roomOf = (file: string) => {
  const folder = dirname(file);
  return folder === 'cli' || folder === 'lib/deployment' ? file : folder;
};

const graphOf = (imports: Record<string, string[]>) =>
  new Map(Object.entries(imports).map(([file, imported]) => [file, new Set(imported)]));

describe('the imports', () => {
  it('lead nowhere back to the file that they began at', () => {
    const graph = readImportGraph(...include);

    expect(graph.size).toBeGreaterThan(500);
    expect(findCircles(graph)).toEqual([]);
  });

  it('lead nowhere back to the room of lib/ and cli/ that they began at', () => {
    const rooms = groupByRoom(readImportGraph('lib', 'cli'), roomOf);

    expect([...rooms.keys()]).toEqual(expect.arrayContaining(['lib/aws/ecs', 'cli/render', 'cli/main.ts']));
    expect(findCircles(rooms)).toEqual([]);
  });
});

describe('the search for circles', () => {
  it.each([
    ["import { b } from './b.ts';"],
    ["import type { B } from './b.ts';"],
    ["import './b.ts';"],
    ["export { b } from './b.ts';"],
    ["export type * from './b.ts';"],
    ["const b = async () => (await import('./b.ts')).b;"],
    ["export const b: import('./b.ts').B = 1;"],
    ["import { b } from '#lib/aws/b.ts';"],
    ["import { b } from '../aws/b.ts';"],
  ])('sees the import in %s', (source) => {
    expect(importedFilesOf('lib/aws/a.ts', source)).toEqual(['lib/aws/b.ts']);
  });

  it('sees none in what comes from a package', () => {
    expect(importedFilesOf('a.ts', "import { join } from 'node:path'; import { z } from 'zod';")).toEqual([]);
  });

  it('finds a circle behind a way that leads into it', () => {
    const graph = graphOf({ main: ['a', 'd'], a: ['b'], b: ['c'], c: ['a', 'd'], d: [] });

    expect(findCircles(graph)).toEqual(['a -> b -> c -> a']);
  });

  it('finds a file that imports itself', () => {
    expect(findCircles(graphOf({ a: ['a'] }))).toEqual(['a -> a']);
  });

  it('finds a circle of rooms whose files are in none', () => {
    const files = graphOf({ 'lib/a/1.ts': ['lib/b/1.ts'], 'lib/b/2.ts': ['lib/a/2.ts', 'lib/b/1.ts'] });

    expect(findCircles(files)).toEqual([]);
    expect(findCircles(groupByRoom(files, roomOf))).toEqual(['lib/a -> lib/b -> lib/a']);
  });
});
