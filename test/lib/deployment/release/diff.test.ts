import { describe, expect, it } from '@jest/globals';
import { changesBetween } from '#lib/deployment/release/diff.ts';

describe('the diff of two definitions', () => {
  it.each<[string, unknown, unknown, [string, unknown, unknown][]]>([
    ['is empty for the same', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ['names members by their path', { a: { b: 1 } }, { a: { b: 2 } }, [['a.b', 1, 2]]],
    [
      'shows what comes and goes as null',
      { a: 1 },
      { b: 2 },
      [
        ['a', 1, null],
        ['b', null, 2],
      ],
    ],
    [
      'compares lists whose items have names by name, whatever their order',
      { c: [{ name: 'x', image: 1 }, { name: 'y' }] },
      { c: [{ name: 'y' }, { name: 'x', image: 2 }, { name: 'z' }] },
      [
        ['c[x].image', 1, 2],
        ['c[z]', null, { name: 'z' }],
      ],
    ],
    [
      'shows a named list that is new item by item',
      {},
      { c: [{ name: 'x' }] },
      [['c[x]', null, { name: 'x' }]],
    ],
    [
      'shows other lists whole',
      { command: ['a', 'b'] },
      { command: ['a'] },
      [['command', ['a', 'b'], ['a']]],
    ],
    ['is not misled by names that every object has', {}, { toString: 1 }, [['toString', null, 1]]],
  ])('%s', (_, from, to, changes) => {
    expect(changesBetween(from, to).map((change) => [change.path, change.from, change.to])).toEqual(changes);
  });
});
