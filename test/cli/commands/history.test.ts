import { describe, expect, it } from '@jest/globals';
import type { DeploymentSummary } from '#cli/client/contract.ts';
import { deployment, landfall } from './asking.ts';

describe('landfall history', () => {
  const { steps: _, failure: __, runs: ___, ...summary } = deployment();
  const history = Array.from({ length: 250 }, (_, index) => ({
    ...summary,
    deployment: `webapp-${index}`,
    status: index % 100 === 99 ? ('FAILED' as const) : ('SUCCEEDED' as const),
    commit: index === 120 ? 'abcdef0123' : '0000000000',
    redriveCount: index === 199 ? 2 : 0,
  }));
  const listed = async (...args: string[]) => {
    const { deployments, nextCursor } = JSON.parse(
      (await landfall(['history', '--json', ...args], { history })).out,
    );
    return { names: deployments.map((each: DeploymentSummary) => each.deployment), nextCursor };
  };

  it('finds what failed, and the deployments of a commit, however far back', async () => {
    expect(await listed('--failed')).toEqual({ names: ['webapp-99', 'webapp-199'], nextCursor: null });
    expect(await listed('--failed', '-n', '1')).toEqual({ names: ['webapp-99'], nextCursor: null });
    expect(await listed('--commit', 'ABCDEF0')).toEqual({ names: ['webapp-120'], nextCursor: null });
  });

  it('goes on behind a cursor without them', async () => {
    expect(await listed('-n', '2')).toEqual({ names: ['webapp-0', 'webapp-1'], nextCursor: '2' });
  });

  it('marks what was redriven', async () => {
    const { out } = await landfall(['history', '--failed'], { history });

    expect(out).toMatch(/webapp-199 {2}FAILED ↻2 {2}/);
  });
});
