import { now } from '#lib/aws/sdk/clock.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { createRequests } from '#lib/aws/table/requests.ts';
import { answerOf, requestLineOf } from '#lib/deployment/release/idempotency.ts';
import type { ApiAnswer, ApiRequest } from './api.ts';

const requests = createRequests();

type Repeatable = Pick<
  ApiRequest<unknown, unknown>,
  'service' | 'route' | 'requestId' | 'body' | 'idempotencyKey'
>;

/**
 * Performs a request once for its Idempotency-Key: repeated, it is answered what it was answered the first time, also
 * while the service is frozen. A request that was refused has started nothing, so that the key stays free.
 * Fails with IdempotencyKeyReused and RequestInProgress.
 */
export async function once(
  { service, route, body, requestId, idempotencyKey: key }: Repeatable,
  perform: () => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  if (key === undefined) return perform();
  const reservation = { service, key, request: requestLineOf(route, body), requestId };
  const remembered = await requests.reserve(reservation, now());
  if (remembered !== undefined) return answerOf(key, remembered, reservation.request);
  const answer = await perform().catch(async (error: unknown) => {
    await requests.forget(reservation).catch(warnAbout('The key of a refused request was not freed'));
    throw error;
  });
  // It has been started, whatever becomes of the memory of it: repeated, it meets itself by its name.
  const { status, body: answered } = answer;
  await requests
    .remember(reservation, { status, body: answered }, now())
    .catch(warnAbout('The answer was not kept for its key'));
  return answer;
}

const warnAbout = (what: string) => (error: unknown) => logger.warn(what, error as Error);
