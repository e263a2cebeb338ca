import { describe, expect, it } from '@jest/globals';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import { chatMessageOf } from '#lib/deployment/notify/chat-message.ts';
import { detailOf } from '#lib/deployment/notify/notification.ts';
import { summarizeDeployment } from '#lib/deployment/record/status.ts';

const BUILD = 'landfall-prod-webapp:6fd2a1c0-8f0e-4a55-9d43-2f6f0a9f4f11';
const pushed = { service: 'webapp', deployment: 'webapp-74aef81b1d23-7', build: BUILD };
const byHand = { service: 'webapp', deployment: 'webapp-9c1f0a9f4f11-key' };

describe('the correlation id', () => {
  it('of a deployment that a build started is the id of the build', () => {
    expect(correlationIdOf(pushed)).toBe(BUILD);
  });

  it('of a build that no deployment has come of is its own', () => {
    expect(correlationIdOf({ build: BUILD })).toBe(BUILD);
  });

  it('of a deployment that somebody asked for is its name', () => {
    expect(correlationIdOf(byHand)).toBe(byHand.deployment);
  });

  it('is the same in the event, in the message for a chat and in what the API answers', () => {
    const ended = { ...pushed, status: 'SUCCEEDED' as const, text: 'It is live.' };
    const record = {
      ...pushed,
      execution: 'arn:aws:states:eu-west-1:123456789012:execution:landfall-prod:webapp-74aef81b1d23-7',
      status: 'SUCCEEDED' as const,
      redriveCount: 1,
      startedAt: 0,
      digest: 'sha256:0',
      trigger: { kind: 'push' as const },
    };

    expect(detailOf(ended)).toMatchObject({ correlationId: BUILD });
    expect(chatMessageOf(ended)).toMatchObject({ metadata: { additionalContext: { correlationId: BUILD } } });
    expect(summarizeDeployment(record)).toMatchObject({ correlationId: BUILD });
  });
});
