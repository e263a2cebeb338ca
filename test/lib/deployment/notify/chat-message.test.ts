import { describe, expect, it } from '@jest/globals';
import { chatMessageOf } from '#lib/deployment/notify/chat-message.ts';
import { failed, LINK } from './failed.ts';

describe('the message for a chat', () => {
  it('is a custom notification: what happened, what to do, and one thread a deployment', () => {
    expect(chatMessageOf(failed)).toEqual({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: 'webapp was not deployed: MigrationFailed',
        description: `\`\`\`\n${failed.text}\n\`\`\``,
        nextSteps: [expect.any(String), '`landfall redrive webapp-74aef81b1d23-7`', `Look at it: ${LINK}`],
        keywords: ['webapp', 'FAILED', '74aef81b1d23'],
      },
      metadata: {
        threadId: 'webapp-74aef81b1d23-7',
        summary: 'webapp was not deployed: MigrationFailed',
        eventType: 'Landfall Deployment State Change',
        additionalContext: {
          service: 'webapp',
          deployment: 'webapp-74aef81b1d23-7',
          status: 'FAILED',
          correlationId: 'webapp-74aef81b1d23-7',
        },
      },
    });
  });

  it('shows a log as it is: nobody is called by what a container wrote', () => {
    const message = chatMessageOf({ ...failed, text: 'wrote ```<!here> *now*```' });

    expect(message).toMatchObject({ content: { description: "```\nwrote '''< !here> *now*'''\n```" } });
  });

  it('asks nothing of anybody when all went well', () => {
    const message = chatMessageOf({ ...failed, status: 'SUCCEEDED', error: undefined });

    expect(message).toMatchObject({ content: { title: 'webapp is live', nextSteps: [] } });
  });
});
