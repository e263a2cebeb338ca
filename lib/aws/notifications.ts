import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { client } from './clients.ts';
import { environment } from './environment.ts';

/** How a deployment, or a build that should have become one, ended. */
export interface Notification {
  service: string;
  deployment: string;
  status: 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT' | 'BUILD_FAILED';
  commit?: string | undefined;
  error?: string | undefined;
  /** For people: what happened, what runs now. */
  text: string;
}

export interface Notifications {
  /** Tells people (SNS) and machines (EventBridge). Never fails: a notification must not fail a deployment. */
  tell(notification: Notification): Promise<void>;
}

export function createNotifications(
  report: (message: string, error: Error) => void,
  sns = client(SNSClient),
  events = client(EventBridgeClient),
): Notifications {
  const publish = (notification: Notification) =>
    sns.send(
      new PublishCommand({
        TopicArn: environment('TOPIC_ARN'),
        // SNS: a subject has at most 100 characters and no line breaks.
        Subject: `${notification.service}: ${notification.status} ${notification.error ?? ''}`
          .trim()
          .slice(0, 100),
        Message: notification.text,
      }),
    );

  async function put({ text, ...detail }: Notification) {
    const { Entries } = await events.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: 'landfall',
            DetailType: 'Landfall Deployment State Change',
            Detail: JSON.stringify({ ...detail, message: text }),
          },
        ],
      }),
    );
    const refused = Entries?.find((entry) => entry.ErrorCode !== undefined);
    if (refused !== undefined) throw new Error(`${refused.ErrorCode}: ${refused.ErrorMessage}`);
  }

  return {
    async tell(notification) {
      const results = await Promise.allSettled([publish(notification), put(notification)]);
      for (const result of results) {
        if (result.status === 'rejected')
          report('The notification was not delivered', result.reason as Error);
      }
    },
  };
}
