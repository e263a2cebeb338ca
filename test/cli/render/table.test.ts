import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { renderTable } from '#cli/render/table.ts';
import { E_ACUTE, FAMILY } from './wide.ts';

const { red } = pc.createColors(true);

describe('a table', () => {
  it('stands in columns whatever its texts are written in', () => {
    const rows = [
      ['山田太郎', 'push'],
      [`Ren${E_ACUTE}e`, 'rollback'],
      [FAMILY, { text: 'deploy', paint: red }],
      ['Jane', 'redrive'],
    ];

    expect(renderTable(rows)).toEqual([
      '山田太郎  push',
      `Ren${E_ACUTE}e     rollback`,
      `${FAMILY}        ${red('deploy')}`,
      'Jane      redrive',
    ]);
  });

  it('pads a text before it is painted', () => {
    expect(
      renderTable([
        [{ text: '失敗', paint: red }, 'a'],
        ['failed', 'b'],
      ]),
    ).toEqual([`${red('失敗  ')}  a`, 'failed  b']);
  });
});
