import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type RememberedAnswer, RememberedRequest } from '#lib/deployment/release/idempotency.ts';
import { conditionally } from './conditionally.ts';
import { installedTable, type Table } from './table.ts';

/** Whose turn it is to perform a request. */
export interface Reservation {
  service: string;
  key: string;
  request: string;
  requestId: string;
}

export interface Requests {
  /**
   * Reserves a key for this request. Answers what is remembered under it where another request has it: one that has
   * been answered, or may still be at work, or asked for something else.
   */
  reserve(reservation: Reservation, now: number): Promise<RememberedRequest | undefined>;
  /** Remembers what was answered, unless the key is another request's by now. */
  remember(reservation: Reservation, answer: RememberedAnswer, now: number): Promise<void>;
  /** Frees the key of a request that was refused, unless it is another request's by now. */
  forget(reservation: Reservation): Promise<void>;
}

const keyOf = ({ service, key }: Reservation) => ({ pk: `SERVICE#${service}`, sk: `REQUEST#${key}` });

/** As long as Step Functions keeps the name of an execution that is over: both forget a key at about the same time. */
const TIME_TO_LIVE_SECONDS = 90 * 24 * 3600;
/** API Gateway gives up after 30 seconds, and Lambda ends the function before that. */
const LONGEST = 30_000;

/**
 * Powertools for AWS Lambda has the same (idempotency), and is not used: its reservations have no owner. There the
 * SDK's second attempt at a write whose answer was lost takes its own reservation for somebody else's, and a request
 * that comes late removes the one that was made after it. It would also bundle a second, older copy of Powertools.
 */
export function createRequests(table: Table = installedTable()): Requests {
  const item = (reservation: Reservation, now: number) => {
    const { request, requestId } = reservation;
    const expiresAt = Math.ceil(now / 1000) + TIME_TO_LIVE_SECONDS;
    return { ...keyOf(reservation), request, requestId, heldUntil: now + LONGEST, expiresAt };
  };

  return {
    async reserve(reservation, now) {
      const isReserved = await conditionally(
        table.documents.send(
          new PutCommand({
            TableName: table.name,
            Item: item(reservation, now),
            // The key is free, or has expired. Or this very request holds it, and the answer of the write was lost. Or
            // a function that was cut short held it, and its time is up.
            ConditionExpression: `attribute_not_exists(pk) OR expiresAt <= :seconds
              OR (attribute_not_exists(answer) AND #request = :request AND (requestId = :requestId OR heldUntil <= :now))`,
            ExpressionAttributeNames: { '#request': 'request' },
            ExpressionAttributeValues: {
              ':seconds': Math.floor(now / 1000),
              ':now': now,
              ':request': reservation.request,
              ':requestId': reservation.requestId,
            },
          }),
        ),
      );
      if (isReserved) return undefined;
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: keyOf(reservation), ConsistentRead: true }),
      );
      // The other request was refused just now and has freed the key.
      return Item === undefined ? this.reserve(reservation, now) : RememberedRequest.parse(Item);
    },

    async remember(reservation, answer, now) {
      await conditionally(
        table.documents.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...item(reservation, now), answer },
            ConditionExpression: 'requestId = :requestId',
            ExpressionAttributeValues: { ':requestId': reservation.requestId },
          }),
        ),
      );
    },

    async forget(reservation) {
      await conditionally(
        table.documents.send(
          new DeleteCommand({
            TableName: table.name,
            Key: keyOf(reservation),
            ConditionExpression: 'requestId = :requestId',
            ExpressionAttributeValues: { ':requestId': reservation.requestId },
          }),
        ),
      );
    },
  };
}
