import { describe, expect, it } from '@jest/globals';
import { createApi } from '#cli/client/api.ts';
import { connect } from '#cli/client/connection.ts';
import { createSend } from '#cli/client/request.ts';
import { parseUntil } from '#cli/commands/until.ts';
import { CliError } from '#cli/errors.ts';
import { outcomeOf } from '#cli/outcome.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const AWS = 'https://abc123.execute-api.eu-west-1.amazonaws.com';
const API = 'http://127.0.0.1:4566/_api/abc123';

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
const failure = (promise: Promise<unknown>): Promise<CliError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail')),
    (error) => error,
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

describe('the API is found', () => {
  const nothing: Fetch = () => Promise.reject(new TypeError('fetch failed'));
  const sandbox =
    (asked: string[], api: string | null = API, status = 'ready'): Fetch =>
    async (url) => {
      asked.push(String(url));
      return Response.json({ landfall: 'sandbox', status, region: 'us-east-1', credentials, api });
    };

  it('by --api before LANDFALL_API, in the Region that its address names', async () => {
    const env = { LANDFALL_API: 'https://other.execute-api.us-west-2.amazonaws.com' };

    const byFlag = await connect({ api: AWS }, { env, fetch: nothing });
    const byEnvironment = await connect({}, { env, fetch: nothing });

    expect(byFlag).toMatchObject({ base: AWS, region: 'eu-west-1', isSandbox: false });
    expect(byEnvironment).toMatchObject({ region: 'us-west-2' });
  });

  it('else in the sandbox of this machine, with its own credentials', async () => {
    const asked: string[] = [];

    const connection = await connect({}, { env: {}, fetch: sandbox(asked) });

    expect(asked).toEqual(['http://127.0.0.1:4566/_landfall/health']);
    expect(connection).toEqual({ base: API, region: 'us-east-1', credentials, isSandbox: true });
  });

  it('on the port that AWS_ENDPOINT_URL names, but never elsewhere than on this machine', async () => {
    const asked: string[] = [];
    const at = (AWS_ENDPOINT_URL: string) =>
      connect({}, { env: { AWS_ENDPOINT_URL }, fetch: sandbox(asked) });

    await at('http://127.0.0.1:4567');
    const error = await failure(at('https://example.com'));

    expect(asked).toEqual(['http://127.0.0.1:4567/_landfall/health']);
    expect(error).toMatchObject({ exitCode: 64 });
  });

  it.each<[string, object, Fetch]>([
    ['nothing runs', {}, nothing],
    ['a profile is named, which means AWS', { profile: 'prod' }, sandbox([])],
    ['the sandbox is empty', {}, sandbox([], null, 'empty')],
    ['what listens there sends elsewhere', {}, sandbox([], 'https://example.com')],
    ['what listens there is no sandbox', {}, async () => new Response('hello')],
    ['the address is none', { api: 'abc123' }, nothing],
  ])('not where %s', async (_, options, fetch) => {
    const error = await failure(connect(options, { env: {}, fetch }));

    expect(error).toBeInstanceOf(CliError);
    expect(error).toMatchObject({ title: 'Usage', exitCode: 64 });
  });
});

describe('what is wrong with the address is told as it is', () => {
  const answering =
    (status: string): Fetch =>
    async () =>
      Response.json({ landfall: 'sandbox', status, region: 'us-east-1', credentials, api: null });

  it.each<[string, object, Record<string, string>, string, number]>([
    ['a sandbox that starts', {}, {}, 'The sandbox on http://127.0.0.1:4566 is starting', 69],
    ['a profile', { profile: 'prod' }, {}, 'with --profile it is one on AWS, never a sandbox', 64],
    [
      'an endpoint elsewhere',
      {},
      { AWS_ENDPOINT_URL: 'https://example.com' },
      'https://example.com (AWS_ENDPOINT_URL) is not on this machine',
      64,
    ],
  ])('%s', async (_, options, env, words, exitCode) => {
    const error = await failure(connect(options, { env, fetch: answering('starting') }));

    expect(error).toMatchObject({ message: expect.stringContaining(words), exitCode });
  });
});

describe('the exit code of a deployment', () => {
  it.each<[number, string, Parameters<typeof outcomeOf>[0]]>([
    [0, 'is live', { status: 'SUCCEEDED', serviceOutcome: 'LIVE' }],
    [3, 'was superseded', { status: 'SUPERSEDED', serviceOutcome: 'UNTOUCHED' }],
    [1, 'failed before it touched the service', { status: 'FAILED', serviceOutcome: 'UNTOUCHED' }],
    [1, 'was stopped before that', { status: 'ABORTED', serviceOutcome: 'UNTOUCHED' }],
    [1, 'was rolled back', { status: 'FAILED', serviceOutcome: 'ROLLED_BACK' }],
    [2, 'was not rolled back', { status: 'FAILED', serviceOutcome: 'CHANGED' }],
    [2, 'was stopped in its rollout', { status: 'ABORTED', serviceOutcome: 'CHANGED' }],
    [2, "lost the service to somebody else's deployment", { status: 'FAILED', serviceOutcome: 'TAKEN_OVER' }],
    [
      3,
      'was re-driven after a newer release had gone live',
      { status: 'FAILED', serviceOutcome: 'TAKEN_OVER', error: 'NewerReleaseLive' },
    ],
    [2, 'is live and could not be recorded', { status: 'FAILED', serviceOutcome: 'LIVE' }],
    [2, 'left nothing that is known', { status: 'TIMED_OUT' }],
  ])('is %i when it %s', (exitCode, _, deployment) => {
    expect(outcomeOf(deployment)).toBe(exitCode);
  });
});

describe('--until', () => {
  const now = Date.parse('2030-01-31T12:00:00Z');

  it.each([
    ['30s', '2030-01-31T12:00:30.000Z'],
    ['90m', '2030-01-31T13:30:00.000Z'],
    ['2h', '2030-01-31T14:00:00.000Z'],
    ['3d', '2030-02-03T12:00:00.000Z'],
    ['2030-02-01T08:00+01:00', '2030-02-01T07:00:00.000Z'],
  ])('takes %s', (text, instant) => {
    expect(parseUntil(text)?.(now)).toBe(instant);
  });

  it.each([
    '',
    'tomorrow',
    '0h',
    '2 h',
    '2030-02-01',
    '2030-02-01T08:00',
    '2030-13-01T08:00Z',
    '2026-02-31T12:00Z',
  ])('refuses "%s"', (text) => {
    expect(parseUntil(text)).toBeUndefined();
  });
});
