import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { clientOf } from '#lib/aws/sdk/clients.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { chatMessageOf } from '#lib/deployment/notify/chat-message.ts';
import {
  attributesOf,
  detailOf,
  messageOf,
  type Notification,
  subjectOf,
} from '#lib/deployment/notify/notification.ts';
import { createGitHub, type GitHub } from './github.ts';

export interface Notifications {
  /**
   * Notifies people (SNS, chat, GitHub) and machines (EventBridge). Never fails: a notification must not fail a
   * deployment.
   */
  send(notification: Notification): Promise<void>;
}

export function createNotifications(
  report: (notification: Notification, error: Error) => void,
  sns = clientOf(SNSClient),
  events = clientOf(EventBridgeClient),
  github: GitHub = createGitHub(),
): Notifications {
  const publish = async (notification: Notification) =>
    sns.send(
      new PublishCommand({
        TopicArn: requireEnvironment('TOPIC_ARN'),
        Subject: subjectOf(notification),
        Message: messageOf(notification),
        MessageAttributes: attributesOf(notification),
      }),
    );

  /** A topic of its own: a chat drops what is not of its form, and people do not read JSON. */
  const publishToChat = async (notification: Notification) =>
    sns.send(
      new PublishCommand({
        TopicArn: requireEnvironment('CHAT_TOPIC_ARN'),
        Message: JSON.stringify(chatMessageOf(notification)),
      }),
    );

  async function put(notification: Notification) {
    const { Entries } = await events.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: 'landfall',
            Resources: notification.run === undefined ? [] : [notification.run.execution],
            DetailType: 'Landfall Deployment State Change',
            Detail: JSON.stringify(detailOf(notification)),
          },
        ],
      }),
    );
    const refused = Entries?.find((entry) => entry.ErrorCode !== undefined);
    if (refused !== undefined) throw new Error(`${refused.ErrorCode}: ${refused.ErrorMessage}`);
  }

  return {
    async send(notification) {
      // People get results only: a message for every beginning would hide them.
      const people = notification.status === 'RUNNING' ? [] : [publish, publishToChat];
      const results = await Promise.allSettled([...people, put, github.send].map((one) => one(notification)));
      for (const result of results) {
        if (result.status === 'rejected') report(notification, result.reason as Error);
      }
    },
  };
}
