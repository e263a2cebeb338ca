import { describe, expect, it } from '@jest/globals';
import { previousGoodOf } from '#lib/deployment/claim/previous-good.ts';
import { emptyServiceItem, type ServiceItem } from '#lib/deployment/claim/service-item.ts';

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
