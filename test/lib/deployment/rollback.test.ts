import { describe, expect, it } from '@jest/globals';
import { previousGoodOf } from '#lib/deployment/claim/previous-good.ts';
import { emptyServiceItem, type ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { chooseRollbackTarget } from '#lib/deployment/ending/rollback.ts';
import { changesBetween } from '#lib/deployment/release/diff.ts';

const good = (name: string) => ({
  deployment: `webapp-${name}`,
  taskDefinition: `webapp:${name}`,
  digest: `sha256:${name.slice(0, 1).repeat(64)}`,
  at: 0,
});
const names = (releases: { taskDefinition: string }[]) => releases.map((each) => each.taskDefinition);
const item = (...newestFirst: string[]): ServiceItem => {
  const [live, ...previous] = newestFirst.map(good);
  return { ...emptyServiceItem('webapp'), ...(live && { lastKnownGood: live }), previousGood: previous };
};

describe('what is remembered of releases that were live', () => {
  it.each([
    ['the first release', [], '1', []],
    ['a new release', ['2', '1'], '3', ['2', '1']],
    ['the same revision again', ['2', '1'], '2', ['1']],
    ['a release of before', ['3', '2', '1'], '2', ['1']],
    ['the oldest', ['3', '2', '1'], '1', []],
    ['the seventh', ['6', '5', '4', '3', '2', '1'], '7', ['6', '5', '4', '3', '2']],
  ])('when %s goes live', (_, before, live, after) => {
    expect(names(previousGoodOf(item(...before), good(live)))).toEqual(after.map((name) => `webapp:${name}`));
  });
});

describe('a rollback that names nothing goes', () => {
  const claim = { owner: 'arn', redriveCount: 0, deployment: 'webapp-9', since: 0 };

  it('to the release before the last known good, where that runs', () => {
    expect(chooseRollbackTarget(item('3', '2', '1'), 'webapp:3').deployment).toBe('webapp-2');
  });

  it('to the last known good, where something else runs or is being deployed', () => {
    expect(chooseRollbackTarget(item('3', '2'), 'webapp:4').deployment).toBe('webapp-3');
    expect(chooseRollbackTarget({ ...item('3', '2'), claim }, 'webapp:3').deployment).toBe('webapp-3');
  });

  it('past what is the same image of the same commit, deployed twice: that would undo nothing', () => {
    const again = item('3', '2', '1');
    const twice = { ...again, lastKnownGood: { ...good('3'), digest: good('2').digest } };

    expect(chooseRollbackTarget(twice, 'webapp:3').deployment).toBe('webapp-1');
    const configured = { ...twice, lastKnownGood: { ...twice.lastKnownGood, commit: 'c'.repeat(40) } };
    expect(chooseRollbackTarget(configured, 'webapp:3').deployment).toBe('webapp-2');
  });

  it.each([
    ['nothing has gone live', item(), undefined, 'nothing of webapp has gone live yet'],
    ['none is remembered', item('1'), 'webapp:1', 'webapp-1 is live, and no other release before it'],
  ])('nowhere where %s', (_, given, running, why) => {
    expect(() => chooseRollbackTarget(given, running)).toThrow(why);
  });
});

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
