import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stateMachine } from '#test/support/wiring.ts';
import { type Cell, runRow } from './fault-matrix/cells.ts';
import { createLab, type Lab } from './fault-matrix/lab.ts';
import { pageOf } from './fault-matrix/page.ts';
import { faultsOf, rowOf, statesThatWait, statesWithRows, taskStates } from './fault-matrix/rows.ts';

const PAGE = 'docs/fault-matrix.md';

const rows = new Map<string, Cell[]>();

describe('every fault in every Task state', () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await createLab();
    // What there is to go back to.
    await lab.world.deploy();
  });

  afterEach(() => lab.end());

  it.each(taskStates)('%s: ends under a name, frees the claim, and a redrive goes live', async (state) => {
    const row = rowOf(state);

    const cells = await runRow(lab, row, faultsOf(lab, row));

    rows.set(state, cells);
    expect(cells.filter(({ problems }) => problems.length > 0)).toEqual([]);
  });
});

describe('the fault matrix', () => {
  it('has a row for every Task state, and for nothing that is none', () => {
    expect(statesWithRows).toEqual(taskStates);
  });

  it('knows of every Task that waits with a token what it waits for', () => {
    const withToken = taskStates.filter((state) =>
      stateMachine.States[state]?.Resource?.endsWith('.waitForTaskToken'),
    );

    expect(statesThatWait).toEqual(withToken);
  });

  it(`is what ${PAGE} shows`, () => {
    const page = pageOf(rows);
    if (process.env.WRITE_FAULT_MATRIX !== undefined) writeFileSync(PAGE, page);

    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
});
