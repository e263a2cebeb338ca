import type { ServiceCalls } from '#sandbox/core/calls.ts';
import { sleep } from '#sandbox/core/clock.ts';
import { publishTo } from '#sandbox/core/publish.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { lambdaEvent, notification } from './envelope.ts';
import type { Email, PublishedMessage, Subscription } from './state.ts';

/** Lambda, as far as SNS needs it. */
export interface SnsLambda {
  invokeAsync(
    functionNameOrArn: string,
    payload: string,
    invoker?: { principal: string; sourceArn: string },
  ): void;
}

export interface DeliveryNeeds {
  lambda?: SnsLambda;
  /** For queues; looked up late. */
  services?: ServiceCalls;
}

/** Retries of an HTTP endpoint: three, 20 seconds apart, as SNS's default delivery policy has it. */
const httpRetries = 3;
const httpRetryMilliseconds = 20_000;

export interface Delivery {
  deliver(message: PublishedMessage, body: string, subscription: Subscription): void;
  confirm(subscription: Subscription): void;
  outbox: Email[];
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Sends messages to subscribers, each on its own; what cannot be delivered goes to the dead-letter queue. */
export function createDelivery(context: SandboxContext, needs: DeliveryNeeds): Delivery {
  const outbox: Email[] = [];
  const underway = new Set<Promise<void>>();
  const stopped = new AbortController();

  const send = async (message: PublishedMessage, body: string, subscription: Subscription) => {
    const { protocol, endpoint, topicArn } = subscription;
    const raw = subscription.attributes.RawMessageDelivery === 'true';
    const wrapped = JSON.stringify(notification(message, body, subscription));
    if (protocol === 'lambda') {
      const invoker = { principal: 'sns.amazonaws.com', sourceArn: topicArn };
      if (!needs.lambda) throw new Error('this sandbox has no Lambda');
      needs.lambda.invokeAsync(endpoint, JSON.stringify(lambdaEvent(message, body, subscription)), invoker);
    } else if (protocol === 'sqs') await publishTo(needs.services, endpoint, raw ? body : wrapped);
    else if (protocol === 'http') await post(subscription, 'Notification', raw ? body : wrapped);
    else {
      const subject = message.subject ?? 'AWS Notification Message';
      const text = protocol === 'email-json' ? wrapped : body;
      outbox.push({ to: endpoint, subject, body: text, topicArn, messageId: message.messageId });
      if (outbox.length > 1000) outbox.shift();
    }
  };

  const post = async (subscription: Subscription, type: string, body: string) => {
    for (let attempt = 0; ; attempt += 1) {
      const failure = await attemptPost(subscription, type, body, stopped.signal);
      if (failure === undefined) return;
      if (attempt === httpRetries) throw new Error(failure);
      await sleep(context.clock, httpRetryMilliseconds, stopped.signal);
    }
  };

  const follow = (work: Promise<void>, subscription: Subscription, body: string) => {
    const settled = work
      .catch(async (error: Error) => {
        context.debug(`SNS to ${subscription.protocol} ${subscription.endpoint}: ${error.message}`);
        const { deadLetterTargetArn } = JSON.parse(subscription.attributes.RedrivePolicy ?? '{}');
        if (deadLetterTargetArn && !stopped.signal.aborted) {
          await publishTo(needs.services, deadLetterTargetArn, body);
        }
      })
      .catch((error: Error) => context.debug(`SNS dead letter: ${error.message}`))
      .finally(() => underway.delete(settled));
    underway.add(settled);
  };

  return {
    outbox,
    deliver(message, body, subscription) {
      const wrapped = JSON.stringify(notification(message, body, subscription));
      follow(send(message, body, subscription), subscription, wrapped);
    },
    confirm(subscription) {
      const body = JSON.stringify({
        Type: 'SubscriptionConfirmation',
        MessageId: context.random.uuid(),
        Token: subscription.token,
        TopicArn: subscription.topicArn,
        Message: `You have chosen to subscribe to the topic ${subscription.topicArn}. To confirm the subscription, call ConfirmSubscription with the token.`,
        Timestamp: new Date(context.clock.now()).toISOString(),
      });
      follow(post(subscription, 'SubscriptionConfirmation', body), subscription, body);
    },
    async idle() {
      while (underway.size > 0) await Promise.all(underway);
    },
    async close() {
      stopped.abort(new Error('the sandbox stopped'));
      await Promise.all(underway);
    },
  };
}

/** Why the endpoint did not take it; undefined when it did. */
async function attemptPost(subscription: Subscription, type: string, body: string, signal: AbortSignal) {
  try {
    const answer = await fetch(subscription.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': type,
        'x-amz-sns-topic-arn': subscription.topicArn,
        'x-amz-sns-subscription-arn': subscription.arn,
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    });
    await answer.arrayBuffer();
    return answer.ok ? undefined : `HTTP ${answer.status}`;
  } catch (error) {
    return (error as Error).message;
  }
}
