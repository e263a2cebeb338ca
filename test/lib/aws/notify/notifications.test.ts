import { expect, it } from '@jest/globals';
import { createNotifications } from '#lib/aws/notify/notifications.ts';
import { failed } from '../../deployment/notify/failed.ts';

it('a system that is away keeps nobody else from being told', async () => {
  const reported: string[] = [];
  const broken = { send: () => Promise.reject(new Error('SNS is away')) };
  const notifications = createNotifications(
    (_, error) => reported.push(error.message),
    broken as never,
    {
      send: async () => ({ Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'try again' }] }),
    } as never,
    { send: () => Promise.reject(new Error('GitHub is away')) },
  );
  process.env.TOPIC_ARN = 'topic';
  process.env.CHAT_TOPIC_ARN = 'chat';

  await notifications.send(failed);

  expect(reported).toEqual(['SNS is away', 'SNS is away', 'InternalFailure: try again', 'GitHub is away']);
});
