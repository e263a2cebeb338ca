import * as z from 'zod';
import { DeploymentError } from '#lib/deployment/errors.ts';

/**
 * What is remembered of a request with an Idempotency-Key. It is kept by service and key alone: the job that is run
 * again may be somebody else's, or another session of the same role.
 */
export const RememberedRequest = z.object({
  /** Route and body, as `requestLine` writes them. */
  request: z.string(),
  /** API Gateway's id of the request that performs it, or did. */
  requestId: z.string(),
  /** Until when that may still be at work, in epoch milliseconds. */
  heldUntil: z.number(),
  /** What it was answered; there is none while it is performed, and where that was cut short. */
  answer: z.object({ status: z.number().int(), body: z.unknown() }).optional(),
});
export type RememberedRequest = z.infer<typeof RememberedRequest>;

export type RememberedAnswer = NonNullable<RememberedRequest['answer']>;

/** A request as it is compared with another one under the same key: its route and its checked body. */
export const requestLineOf = (route: string, body: unknown) => `${route} ${JSON.stringify(body)}`;

/** What is answered instead of performing a request again. Fails with IdempotencyKeyReused or RequestInProgress. */
export function answerOf(key: string, remembered: RememberedRequest, request: string): RememberedAnswer {
  if (remembered.request !== request)
    throw new DeploymentError('IdempotencyKeyReused', `"${key}" was that of ${remembered.request}`);
  if (remembered.answer === undefined)
    throw new DeploymentError('RequestInProgress', `the one with the key "${key}" has no answer yet`);
  return remembered.answer;
}
