import { describe, expect, it } from '@jest/globals';
import type { DeploymentSummary } from '#cli/client/contract.ts';
import { renderService } from '#cli/render/service.ts';
import { renderServices } from '#cli/render/services.ts';
import { plain } from '../context.ts';
import { ago, deployed, NOW, service } from './at-rest.ts';

describe('the last deployment', () => {
  const latest: DeploymentSummary = {
    deployment: 'webapp-8',
    service: 'webapp',
    execution: 'arn:8',
    correlationId: 'webapp-8',
    status: 'FAILED',
    trigger: { kind: 'image' },
    redriveCount: 0,
    startedAt: ago(240),
    endedAt: ago(185),
    digest: 'sha256:8',
    serviceOutcome: 'ROLLED_BACK',
    error: 'RolloutCrashLoop',
  };

  it('that was stopped is not told twice', () => {
    const stopped: DeploymentSummary = {
      ...latest,
      status: 'ABORTED',
      error: 'Aborted',
      serviceOutcome: 'CHANGED',
    };
    const all = renderServices([{ ...service([deployed(5)]), latest: stopped }], NOW, plain);

    expect(all).toMatch(/ABORTED, left changed, 3 min 05 s ago\n$/);
  });

  it('is shown with its end', () => {
    const one = renderService({ ...service([deployed(5)]), latest }, { now: NOW }, plain);
    const all = renderServices([{ ...service([deployed(5)]), latest }], NOW, plain);

    expect(one).toContain('\n  last   webapp-8 FAILED RolloutCrashLoop, rolled back, 3 min 05 s ago\n');
    expect(all).toMatch(/ready {2}FAILED RolloutCrashLoop, rolled back, 3 min 05 s ago\n$/);
  });
});
