import { describe, expect, it } from '@jest/globals';
import { renderHeading } from '#cli/render/deployment.ts';
import { plain } from '../context.ts';
import { NOW, running } from './rolling.ts';

describe('a deployment under way', () => {
  it.each([
    [1, undefined, 'redriven once'],
    [1, 'arn:aws:iam::123456789012:user/joe', 'redriven once by joe'],
    [3, 'arn:aws:sts::123456789012:assumed-role/operator/joe', 'redriven 3 times, last by joe'],
  ])('that was redriven %d times by %s says so in its heading', (redriveCount, redriveRequestedBy, words) => {
    const deployment = {
      ...running,
      redriveCount,
      ...(redriveRequestedBy === undefined ? {} : { redriveRequestedBy }),
    };

    expect(renderHeading(deployment, NOW, plain)).toBe(
      `webapp-0123456789ab-8  push by Jane Doe  commit 0123456  ${words}  30 s`,
    );
  });
});
