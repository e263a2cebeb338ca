import { describe, expect, it } from '@jest/globals';
import type { Api } from '#cli/client/api.ts';
import type { Deployment } from '#cli/client/contract.ts';
import { CliError, Unreachable } from '#cli/errors.ts';
import { waitFor } from '#cli/following/wait.ts';
import { createTestContext, inTurn, NOW } from './context.ts';
import { begun, idle } from './fixtures.ts';

const TARGET = { service: 'webapp', deployment: 'webapp-8' };

const running = begun(new Date(NOW).toISOString());
const live: Deployment = { ...running, status: 'SUCCEEDED', endedAt: new Date(NOW + 9_000).toISOString() };

const away = () => new Unreachable('Unreachable', 'It does not answer.', { exitCode: 69, mayPass: true });
const throttled = () => new CliError('Http429', 'Too many.', { exitCode: 69, mayPass: true });
const denied = () => new CliError('Forbidden', 'The token has expired.', { exitCode: 77, remedy: 'Log in.' });
const unknown = () => new CliError('DeploymentNotFound', 'There is none.', { exitCode: 1 });

/** Waits for a deployment of which these are the answers in turn, the last one again and again. */
async function waiting(answers: (Deployment | (() => CliError))[], { isNew = false, isTTY = false } = {}) {
  const api = { deployment: inTurn(answers), service: async () => idle } as unknown as Api;
  const { context, written, seconds } = createTestContext(api, { isTTY });
  const exitCode = await waitFor(context, TARGET, { isNew }).catch((error: unknown) => error);
  return { exitCode, ...written, seconds: seconds() };
}

describe('watching a deployment', () => {
  it('goes on when the API does not answer for a while, and says so once', async () => {
    const { exitCode, err } = await waiting([running, away, throttled, away, live]);

    expect(exitCode).toBe(0);
    expect(err).toBe(`\
12:00:00  webapp-8  image  sha256:000000000000  0.0 s
12:00:02  The API does not answer; trying again. It does not answer.
`);
  });

  it('gives up after five minutes, and says that the deployment goes on', async () => {
    const { exitCode, seconds } = await waiting([running, away]);

    expect(seconds).toBe(302);
    expect(exitCode).toMatchObject({
      title: 'Unreachable',
      exitCode: 69,
      remedy: `\
No longer watching. The deployment goes on.
  watch it again: landfall watch webapp-8
  stop it:        landfall abort webapp-8`,
    });
  });

  it('ends at once when the credentials do not hold any more, and says that the deployment goes on', async () => {
    const { exitCode, seconds } = await waiting([running, denied]);

    expect(seconds).toBe(2);
    expect(exitCode).toMatchObject({
      exitCode: 77,
      remedy: expect.stringMatching(/^Log in\.\nNo longer watching/),
    });
  });

  it('waits ten seconds, and says so, for one that somebody else may just have started', async () => {
    const { exitCode, seconds, err } = await waiting([unknown]);

    expect({ exitCode, seconds }).toMatchObject({ exitCode: { title: 'DeploymentNotFound' }, seconds: 10 });
    expect(err).toBe('12:00:00  webapp-8 is not on record yet.\n');
  });

  it('waits a minute for one that it has started itself', async () => {
    expect(await waiting([unknown, unknown, live], { isNew: true })).toMatchObject({ exitCode: 0 });
    const never = await waiting([unknown], { isNew: true });

    expect(never).toMatchObject({ exitCode: { title: 'DeploymentNotFound' }, seconds: 60 });
  });

  it('is told in lines on a terminal that does not know its size', async () => {
    expect((await waiting([running, live], { isTTY: true })).err).toBe(
      '12:00:00  webapp-8  image  sha256:000000000000  0.0 s\n',
    );
  });
});
