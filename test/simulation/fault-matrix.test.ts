import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { taskStates } from '#test/support/wiring.ts';
import { runRow } from './fault-matrix/cells.ts';
import { createLab, type Lab } from './fault-matrix/lab.ts';
import { pageOf, sectionOf, sectionsOf } from './fault-matrix/page.ts';
import { faultsOf, rowOf } from './fault-matrix/rows.ts';

const PAGE = 'docs/fault-matrix.md';

const readPage = () => (existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '');

/** Each state by itself: `-t AwaitRollout` runs its faults, and holds or writes its section of the page. */
describe('every fault in every Task state', () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await createLab();
    // What there is to go back to.
    await lab.world.deploy();
  });

  afterEach(() => lab.end());

  it.each(taskStates)(
    `%s: ends under a name, frees the claim, a redrive goes live, and ${PAGE} tells it`,
    async (state) => {
      const row = rowOf(state);

      const cells = await runRow(lab, row, faultsOf(lab, row));

      const section = sectionOf(state, cells);
      if (process.env.WRITE_FAULT_MATRIX !== undefined)
        writeFileSync(PAGE, pageOf(sectionsOf(readPage()).set(state, section)));
      expect(cells.filter(({ problems }) => problems.length > 0)).toEqual([]);
      expect(sectionsOf(readPage()).get(state)).toBe(section);
    },
  );
});

describe(PAGE, () => {
  it('has its introduction and one section for each Task state, in the order of the machine', () => {
    const page = readPage();

    expect(page).toBe(pageOf(sectionsOf(page)));
  });
});
