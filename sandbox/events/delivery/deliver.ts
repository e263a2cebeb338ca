import type { Target } from '@aws-sdk/client-eventbridge';
import { sleep } from '#sandbox/core/clock.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { publishTo } from '#sandbox/core/publish.ts';
import type { AwsEvent, SandboxContext } from '#sandbox/core/service.ts';
import type { Rule } from '../bus-store.ts';
import type { EventsNeeds } from '../needs.ts';
import { targetInput } from './input.ts';
import { sendToTarget } from './send.ts';

/** EventBridge's defaults: 185 retries over 24 hours, with exponential back off and jitter. */
const DEFAULT_RETRIES = 185;
const DEFAULT_AGE_SECONDS = 86_400;
const LONGEST_DELAY = 600_000;

/** What no retry helps against: the target is gone or does not let EventBridge in. */
const PERMANENT = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'ValidationException',
  'NotFoundException',
]);

/** Delivers an event to one target of a rule; an event that cannot be delivered goes to the dead-letter queue. */
export async function deliverToTarget(
  context: SandboxContext,
  needs: EventsNeeds,
  rule: Rule,
  target: Target,
  event: AwsEvent,
  retryDelay: number,
  signal: AbortSignal,
): Promise<void> {
  const { MaximumRetryAttempts = DEFAULT_RETRIES, MaximumEventAgeInSeconds = DEFAULT_AGE_SECONDS } =
    target.RetryPolicy ?? {};
  const deadline = context.clock.now() + MaximumEventAgeInSeconds * 1000;
  const input = targetInput(target, event, rule);
  for (let retry = 0; !signal.aborted; retry += 1) {
    try {
      await sendToTarget(needs, rule, target, input);
      return;
    } catch (error) {
      const delay = Math.min(retryDelay * 2 ** retry, LONGEST_DELAY) * (0.5 + context.random.next() / 2);
      const isOver = retry >= MaximumRetryAttempts || context.clock.now() + delay > deadline;
      if (isPermanent(error) || isOver) {
        context.debug(`events: ${rule.name} could not deliver to ${target.Arn}: ${error}`);
        await deadLetter(needs, target, input);
        return;
      }
      await sleep(context.clock, delay, signal).catch(() => {});
    }
  }
}

function isPermanent(error: unknown): boolean {
  return error instanceof AwsError && PERMANENT.has(error.code);
}

async function deadLetter(needs: EventsNeeds, target: Target, input: string): Promise<void> {
  const queue = target.DeadLetterConfig?.Arn;
  if (queue !== undefined) await publishTo(needs.services, queue, input);
}
