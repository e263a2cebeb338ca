import { describe, expect, it } from '@jest/globals';
import { type Notification, subjectOf } from '#lib/deployment/notify/notification.ts';

const COMMIT = '74aef81b1d2374aef81b1d2374aef81b1d2374ae';

const EXECUTION = 'arn:aws:states:eu-west-1:123456789012:execution:landfall-prod:webapp-74aef81b1d23-7';

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

describe('the subject of a mail', () => {
  it('is what SNS takes, whatever an operator has named the error', () => {
    const subject = subjectOf({ ...failed, status: 'ABORTED', error: `Köln\n${'x'.repeat(200)}` });

    expect(subject).toMatch(/^webapp: ABORTED K ln x+$/);
    expect(subject).toHaveLength(99);
  });
});
