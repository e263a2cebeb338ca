import { describe, expect, it } from '@jest/globals';
import { renderNews } from '#cli/render/log.ts';
import { plain } from '../context.ts';
import { idle } from '../fixtures.ts';
import { NOW, rolling, running, step } from './rolling.ts';

describe('a deployment under way', () => {
  it('is told in a log by what is new, a state when it is entered and when it is left', () => {
    const before = { deployment: { ...running, steps: [step('UpdateService', 3, null)] }, service: idle };
    const steps = [step('UpdateService', 3, 4), step('AwaitRollout', 4, null)];
    const after = { deployment: { ...running, steps }, service: rolling };

    expect(renderNews(undefined, before, NOW, plain)).toEqual([
      '12:00:30  webapp-0123456789ab-8  push by Jane Doe  commit 0123456  30 s',
      '12:00:03  … UpdateService',
    ]);
    expect(renderNews(before, after, NOW, plain)).toEqual([
      '12:00:04  ✓  UpdateService                  1.0 s',
      '12:00:04  … AwaitRollout',
      '12:00:30  1 of 3 new tasks run (webapp:8), 0 healthy, 1 starting',
      '12:00:30  3 old tasks run (webapp:7), 3 healthy',
      '12:00:19  ✗ task 89abcdef of webapp:8 stopped: container webapp exited with code 1, EssentialContainerExited: Essential container in task exited',
      '12:00:20  (service webapp-service) has stopped 1 running tasks: (task 1).',
      '12:00:21  (service webapp-service) has started 1 tasks: (task 2).',
    ]);
    expect(renderNews(after, after, NOW + 1_000, plain)).toEqual([]);
  });

  it('tells a state again that a redrive entered again', () => {
    const once = { deployment: { ...running, steps: [step('AwaitRollout', 4, 5)] }, service: idle };
    const steps = [step('AwaitRollout', 4, 5), step('AwaitRollout', 10, null)];

    expect(renderNews(once, { ...once, deployment: { ...running, steps } }, NOW, plain)).toEqual([
      '12:00:10  … AwaitRollout',
    ]);
  });
});
