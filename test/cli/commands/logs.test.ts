import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import type { Api } from '#cli/client/api.ts';
import type { LogQuery, Logs } from '#cli/client/contract.ts';
import { logs } from '#cli/commands/logs.ts';
import { CliError, Unreachable } from '#cli/errors.ts';
import { createTestContext, inTurn, NOW } from '../context.ts';

const source: Logs['sources'][number] = {
  task: 'arn:aws:ecs:eu-central-1:000000000000:task/ecs-cluster/0123456789abcdef0123456789abcdef',
  container: 'webapp',
  migration: false,
  lastStatus: 'STOPPED',
  from: 'logs',
  logGroup: '/ecs/webapp',
  logStream: 'webapp/webapp/0123456789abcdef0123456789abcdef',
  problem: null,
};

/** An answer of the API, of a deployment whose tasks have stopped. */
const page = (cursor: string, messages: string[], more = false): Logs => ({
  service: 'webapp',
  deployment: 'webapp-8',
  status: 'FAILED',
  lines: messages.map((message) => ({
    at: new Date(NOW).toISOString(),
    task: source.task,
    container: 'webapp',
    message,
  })),
  sources: [source, { ...source, container: 'proxy' }],
  truncated: false,
  more,
  nextCursor: cursor,
});

const away = () => new Unreachable('Unreachable', 'It does not answer.', { exitCode: 69, mayPass: true });

const throttled = () => new CliError('Http429', 'Too many.', { exitCode: 69, mayPass: true });

const denied = () => new CliError('Forbidden', 'The token has expired.', { exitCode: 77 });

/** `logs webapp-8 --follow` where the API has these answers in turn, the last one again and again. */
async function following(answers: (Logs | (() => CliError))[]) {
  const asked: { second: number; cursor: string | undefined }[] = [];
  const answer = inTurn(answers);
  const api = {
    services: async () => [{ service: 'webapp' }],
    logs(_service: string, _deployment: string, { cursor }: LogQuery) {
      asked.push({ second: seconds(), cursor });
      return answer();
    },
  } as unknown as Api;
  const { context, written, seconds } = createTestContext(api);
  let end: unknown;
  const program = new Command();
  logs(program, (handler) => async (...args) => {
    end = await Promise.resolve(handler(context, ...args)).catch((error: unknown) => error);
  });
  await program.parseAsync(['logs', 'webapp-8', '--follow'], { from: 'user' });
  return { end, ...written, asked, seconds: seconds() };
}

const messagesIn = (out: string) => out.match(/(?<=webapp {2}).+/g);

describe('following logs', () => {
  it('goes on where it was when the API does not answer for a while, and says so once', async () => {
    const { end, out, err, asked } = await following([
      page('a', ['one']),
      away,
      throttled,
      away,
      page('b', ['two']),
      page('b', []),
    ]);

    expect({ end, messages: messagesIn(out) }).toEqual({ end: 0, messages: ['one', 'two'] });
    expect(err).toBe('12:00:02  The API does not answer; trying again. It does not answer.\n');
    expect(asked.slice(0, 6)).toEqual([
      { second: 0, cursor: undefined },
      { second: 2, cursor: 'a' },
      { second: 4, cursor: 'a' },
      { second: 6, cursor: 'a' },
      { second: 8, cursor: 'a' },
      { second: 10, cursor: 'b' },
    ]);
  });

  it('gives up after five minutes', async () => {
    const { end, seconds } = await following([page('a', ['one']), away]);

    expect({ end, seconds }).toMatchObject({ end: { title: 'Unreachable', exitCode: 69 }, seconds: 302 });
  });

  it('ends at once when the credentials do not hold any more', async () => {
    const { end, seconds } = await following([page('a', ['one']), denied]);

    expect({ end, seconds }).toMatchObject({ end: { exitCode: 77 }, seconds: 2 });
  });

  it('asks for what there is already a tenth of a second for each container apart', async () => {
    const { out, asked } = await following([
      page('a', ['one'], true),
      page('b', ['two'], true),
      page('c', ['three']),
      page('c', []),
    ]);

    expect(messagesIn(out)).toEqual(['one', 'two', 'three']);
    expect(asked.slice(0, 4).map(({ second }) => second)).toEqual([0, 0.2, 0.4, 2.4]);
  });
});
