import { describe, expect, it } from '@jest/globals';
import { createApi } from '#cli/client/api.ts';
import { createSend } from '#cli/client/request.ts';
import type { CliError } from '#cli/errors.ts';
import { AWS, credentials, failure } from './failing.ts';

type Fetch = typeof fetch;

interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
}

/** An API that gives these answers in turn, the last one again and again; none at all breaks the connection. */
function answering(...answers: (() => Response | undefined)[]) {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  const fetch: Fetch = async (url, init) => {
    sent.push({
      method: init?.method ?? 'GET',
      url: String(url),
      headers: init?.headers as Record<string, string>,
    });
    const answer = (answers.length > 1 ? answers.shift() : answers[0])?.();
    if (answer === undefined) throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    return answer;
  };
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const connection = { base: AWS, region: 'eu-west-1', credentials, isSandbox: false };
  return { api: createApi(createSend(connection, { fetch, pause })), sent, pauses };
}

const problem = (title: string, status: number) =>
  Response.json(
    { type: `urn:landfall:error:${title}`, title, status, detail: `${title} happened.`, instance: '/' },
    { status },
  );

const accepted = () => Response.json({ service: 'webapp' }, { status: 202 });

const throttled = () => Response.json({ message: 'Too Many Requests' }, { status: 429 });

const busy = () =>
  Response.json(
    {
      type: 'urn:landfall:error:RequestInProgress',
      title: 'RequestInProgress',
      status: 409,
      detail: 'Soon.',
      instance: '/',
    },
    { status: 409, headers: { 'retry-after': '2' } },
  );

describe('a request', () => {
  it('is signed for execute-api in the Region of the API, and says what it is', async () => {
    const { api, sent } = answering(accepted);

    await api.deploy('webapp', { image: 'v2' }, 'key-1');

    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', url: `${AWS}/services/webapp/deployments` });
    expect(sent[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
    });
    expect(sent[0]?.headers.authorization).toMatch(
      /Credential=test\/\d{8}\/eu-west-1\/execute-api\/aws4_request/,
    );
  });

  it.each<[string, () => Response | undefined]>([
    ['is throttled', throttled],
    ['meets an error of AWS', () => problem('AwsUnavailable', 503)],
    ['meets itself, still being performed', () => busy()],
    ['gets no answer', () => undefined],
  ])('that may be repeated is sent again when it %s', async (_, first) => {
    const { api, sent, pauses } = answering(first, accepted);

    await api.service('webapp');

    expect(sent).toHaveLength(2);
    expect(pauses).toEqual([500]);
  });

  it('that started something without a key is not sent again when nobody knows what became of it', async () => {
    const { api, sent } = answering(() => undefined);

    const error = await failure(api.abort('webapp', 'webapp-1'));

    expect(sent).toHaveLength(1);
    expect(error).toMatchObject({ title: 'Unreachable', exitCode: 69 });
    expect(error.message).toBe(
      'https://abc123.execute-api.eu-west-1.amazonaws.com does not answer: ECONNREFUSED.',
    );
  });

  it('whose answer is missing for good says by which key it can be repeated', async () => {
    const { api } = answering(...Array(5).fill(() => undefined));

    const error = await failure(api.deploy('webapp', { ref: 'main' }, 'job-7'));

    expect(error.remedy).toContain('with --idempotency-key job-7 nothing is started twice');
    expect((await failure(api.redrive('webapp', 'webapp-1', 'job-8'))).remedy).not.toContain('job-8');
  });

  it.each<[string, () => Response, Partial<CliError>]>([
    ['a problem', () => problem('ServiceFrozen', 409), { title: 'ServiceFrozen', exitCode: 1 }],
    ['a bad request', () => problem('InvalidRequest', 400), { title: 'InvalidRequest', exitCode: 64 }],
    ['a broken function', () => problem('AccessDenied', 500), { title: 'AccessDenied', exitCode: 69 }],
    [
      'a refused signature',
      () => Response.json({ message: 'Forbidden' }, { status: 403 }),
      { title: 'Forbidden', exitCode: 77 },
    ],
    ['endless throttling', throttled, { title: 'Http429', exitCode: 69 }],
    ['somebody else', () => new Response('<html>', { status: 404 }), { title: 'Http404', exitCode: 69 }],
  ])('answered by %s fails by that name', async (_, answer, expected) => {
    const { api } = answering(answer);

    expect(await failure(api.service('webapp'))).toMatchObject(expected);
  });
});
