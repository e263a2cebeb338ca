import type { Notification } from '#lib/deployment/notify/notification.ts';

/** A deployment whose end people, chats and GitHub are told of. */

export const COMMIT = '74aef81b1d2374aef81b1d2374aef81b1d2374ae';

export const EXECUTION =
  'arn:aws:states:eu-west-1:123456789012:execution:landfall-prod:webapp-74aef81b1d23-7';

export const LINK = `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${EXECUTION}`;

export const failed: Notification = {
  service: 'webapp',
  deployment: 'webapp-74aef81b1d23-7',
  status: 'FAILED',
  commit: COMMIT,
  error: 'MigrationFailed',
  text: 'AwaitMigration failed with MigrationFailed.\nIt exited with 1.',
  run: { execution: EXECUTION, redriveCount: 0 },
  github: { repository: 'pacuna/webapp', tokenSecret: 'landfall/github' },
};
