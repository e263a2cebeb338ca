import { describe, expect, it } from '@jest/globals';
import { connect } from '#cli/client/connection.ts';
import { CliError } from '#cli/errors.ts';
import { API, AWS, credentials, failure } from './failing.ts';

type Fetch = typeof fetch;

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
