import { describe, expect, it } from '@jest/globals';
import { chatMessageOf } from '#lib/deployment/notify/chat-message.ts';
import type { Notification } from '#lib/deployment/notify/notification.ts';

const COMMIT = '74aef81b1d2374aef81b1d2374aef81b1d2374ae';

const EXECUTION = 'arn:aws:states:eu-west-1:123456789012:execution:landfall-prod:webapp-74aef81b1d23-7';

const LINK = `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${EXECUTION}`;

const failed: Notification = {
  service: 'webapp',
  deployment: 'webapp-74aef81b1d23-7',
  status: 'FAILED',
  commit: COMMIT,
  error: 'MigrationFailed',
  text: 'AwaitMigration failed with MigrationFailed.\nIt exited with 1.',
  run: { execution: EXECUTION, redriveCount: 0 },
  github: { repository: 'pacuna/webapp', tokenSecret: 'landfall/github' },
};

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
