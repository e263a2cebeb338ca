import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { run } from '#cli/run.ts';
import { type Io, processIo } from '#cli/terminal/io.ts';

const API = 'http://127.0.0.1:4566/_api/abc123';

afterEach(() => {
  jest.restoreAllMocks();
});

type Fetch = Io['fetch'];

/** A sandbox with these services, and what was asked of it. */
function installation(...services: string[]) {
  const asked: string[] = [];
  const fetch: Fetch = async (input) => {
    const url = String(input);
    asked.push(url);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return url.endsWith('/_landfall/health')
      ? Response.json({ landfall: 'sandbox', region: 'us-east-1', credentials, api: API })
      : Response.json({ services: services.map((service) => ({ service })) });
  };
  return { fetch, asked };
}

/** What is offered to whoever presses Tab after these words, as the scripts of the shells ask for it. */
async function offered(words: string[], fetch: Fetch, pause: Io['pause'] = () => new Promise(() => {})) {
  const lines: string[] = [];
  // The library writes to the console itself.
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  let err = '';
  const write = (text: string) => {
    err += text;
  };
  const io: Io = { ...processIo, out: { write }, err: { write }, env: {}, fetch, pause };
  const exitCode = await run(['complete', '--', ...words], io);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  // The last line tells the shell not to offer files.
  return lines.slice(0, -1).map((line) => line.split('\t')[0]);
}

describe('shell completion', () => {
  it.each<[string, string[], string[]]>([
    ['all services after a command that takes one', ['status', ''], ['webapp', 'web-admin', 'shop']],
    ['those that begin as what is typed', ['deploy', 'web'], ['webapp', 'web-admin']],
    ['them in the place of a target', ['watch', 's'], ['shop']],
    [
      'them after options with their values',
      ['deploy', '--ref', 'main', '--wait', 'w'],
      ['webapp', 'web-admin'],
    ],
  ])('offers %s', async (_, words, services) => {
    expect(await offered(words, installation('webapp', 'web-admin', 'shop').fetch)).toEqual(services);
  });

  it.each<[string, string[], string[]]>([
    ['commands', ['re'], ['redrive']],
    ['options', ['deploy', '--re'], ['--ref']],
    ['nothing for the value of an option', ['deploy', '--ref', ''], []],
    ['nothing after the service', ['status', 'webapp', ''], []],
    ['nothing after a command that takes none', ['services', ''], []],
  ])('offers %s without asking the API', async (_, words, expected) => {
    const { fetch, asked } = installation('webapp');

    expect(await offered(words, fetch)).toEqual(expected);
    expect(asked).toEqual([]);
  });

  it('asks the API that the line names', async () => {
    const { fetch, asked } = installation('webapp');
    const words = ['--api', 'https://abc123.execute-api.eu-west-1.amazonaws.com', 'status', ''];
    // Whose credentials it is asked with is the environment's affair, which this test has none of.
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const before = { ...process.env };
    Object.assign(process.env, credentials);
    try {
      expect(await offered(words, fetch)).toEqual(['webapp']);
    } finally {
      for (const name of Object.keys(credentials)) delete process.env[name];
      Object.assign(process.env, before);
    }

    expect(asked).toEqual(['https://abc123.execute-api.eu-west-1.amazonaws.com/services']);
  });

  it.each<[string, Fetch]>([
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['refuses', async () => Response.json({ message: 'Forbidden' }, { status: 403 })],
  ])('offers nothing, in silence, where the API %s', async (_, fetch) => {
    expect(await offered(['status', ''], fetch)).toEqual([]);
  });

  it('waits a second and a half for an API that does not answer, and hangs up', async () => {
    const pauses: number[] = [];
    let isHungUp = false;
    const silent: Fetch = (_, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => {
          isHungUp = true;
          reject(new Error('hung up'));
        });
      });

    const services = await offered(['status', ''], silent, async (milliseconds) => {
      pauses.push(milliseconds);
    });

    expect({ services, isHungUp, waited: pauses[0] }).toEqual({
      services: [],
      isHungUp: true,
      waited: 1_500,
    });
  });
});
