import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { parseRequest } from '#lib/middleware/api/request.ts';
import { apiEvent } from './event.ts';

const Body = z.strictObject({ image: z.string().min(1) });
const Query = z.strictObject({ limit: z.string().default('20').transform(Number) });

const refusalOf = (parse: () => unknown) => {
  try {
    parse();
  } catch (error) {
    return error;
  }
  throw new Error('It was taken');
};

describe('a request', () => {
  it('has what its path, body and query say, who asks, and which request of which route it is', () => {
    const event = apiEvent({
      pathParameters: { service: 'webapp', deployment: 'webapp-1' },
      body: { image: 'latest' },
      queryStringParameters: { limit: '5' },
    });

    expect(parseRequest(event, { body: Body, query: Query })).toEqual({
      service: 'webapp',
      deployment: 'webapp-1',
      build: '',
      body: { image: 'latest' },
      query: { limit: 5 },
      requestedBy: 'arn:aws:iam::123456789012:user/pacuna',
      route: 'POST /services/{service}/deployments',
      requestId: 'JKJaXmPLvHcESHA=',
      idempotencyKey: undefined,
      key: 'JKJaXmPLvHcESHA',
    });
  });

  it('has an empty service where the path names none', () => {
    expect(parseRequest(apiEvent({ pathParameters: undefined }), {}).service).toBe('');
  });

  it('has the defaults of its query', () => {
    expect(parseRequest(apiEvent(), { query: Query }).query).toEqual({ limit: 20 });
  });

  it('is known by its Idempotency-Key where it has one', () => {
    const request = parseRequest(apiEvent({ headers: { 'idempotency-key': 'a-key' } }), {});

    expect(request).toMatchObject({ idempotencyKey: 'a-key', key: 'a-key' });
  });

  it('has no body on a route that takes none, whatever was sent', () => {
    expect(parseRequest(apiEvent({ body: 'no JSON' }), {}).body).toBeUndefined();
  });

  it.each([
    ['a body that is not there', { body: undefined }, ': is missing;'],
    ['a member that is missing', { body: {} }, 'image: is missing'],
    ['a member that is not known', { body: { image: 'a', tag: 'b' } }, '"tag" is not known here'],
    [
      'a query that is not known',
      { body: { image: 'a' }, queryStringParameters: { dryrun: 'true' } },
      '"dryrun"',
    ],
    [
      'a bad Idempotency-Key',
      { headers: { 'idempotency-key': 'a b' } },
      'Idempotency-Key has to be 1 to 36 letters',
    ],
  ])('is refused as InvalidRequest with %s', (_, given, why) => {
    expect(refusalOf(() => parseRequest(apiEvent(given), { body: Body }))).toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringMatching(why),
    });
  });
});
