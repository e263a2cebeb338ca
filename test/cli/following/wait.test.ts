import { describe, expect, it } from '@jest/globals';
import type { Api } from '#cli/client/api.ts';
import type { Build, Deployment } from '#cli/client/contract.ts';
import { CliError, Unreachable } from '#cli/errors.ts';
import { waitFor, waitForBuild } from '#cli/following/wait.ts';
import { at, building, built, COMMIT, DEPLOYMENT, FAILURE, failed, ID, justBegun, NOW } from '../builds.ts';
import { createTestContext, inTurn } from '../context.ts';
import { begun, idle } from '../fixtures.ts';

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

describe('waiting for a build', () => {
  const live: Deployment = {
    runs: [],
    deployment: DEPLOYMENT,
    service: 'webapp',
    execution: 'arn:aws:states:us-east-1:123456789012:execution:landfall-dev:webapp-0123456789ab-8',
    correlationId: ID,
    status: 'SUCCEEDED',
    trigger: { kind: 'push' },
    redriveCount: 0,
    startedAt: at(21),
    endedAt: at(30),
    digest: `sha256:${'0'.repeat(64)}`,
    build: ID,
    steps: [],
    failure: null,
  };

  interface Options {
    isJson?: boolean;
    stream?: boolean;
    isTTY?: boolean;
    /** Ctrl-C is pressed in the pause after so many looks. */
    interruptAfter?: number;
  }

  /** Waits where the API answers with these builds in turn, the last one again and again; a look is two seconds. */
  async function waiting(builds: Build[], options: Options = {}) {
    const { isJson = false, isTTY = false, stream = false, interruptAfter } = options;
    let looks = 0;
    const answer = inTurn(builds);
    const api = {
      build() {
        looks += 1;
        return answer();
      },
      deployment: async () => live,
      service: async () => idle,
    } as unknown as Api;
    const { context, written, seconds } = createTestContext(api, {
      now: NOW,
      isTTY,
      columns: 100,
      rows: 50,
      isJson,
      onPause(interrupt) {
        if (looks === interruptAfter) interrupt();
      },
    });
    const exitCode = await waitForBuild(context, { service: 'webapp', build: ID }, { stream }).catch(
      (error: unknown) => error,
    );
    return { exitCode, ...written, looks, seconds: seconds() };
  }

  it('shows its phases as lines, then its deployment, and exits with how that ended', async () => {
    const { exitCode, out, err } = await waiting([
      justBegun,
      building,
      built,
      { ...built, deployment: DEPLOYMENT },
    ]);

    expect(exitCode).toBe(0);
    expect(err).toBe(`\
12:00:30  landfall-dev-webapp:7d0c  ref main by jane  30 s
12:00:00  … SUBMITTED
12:00:00  ✓  SUBMITTED                      0.4 s
12:00:00  … PROVISIONING
12:00:04  ✓  PROVISIONING                   3.6 s
12:00:04  … BUILD
12:00:20  ✓  BUILD                           16 s
12:00:34  waits for its deployment to begin
12:00:36  webapp-0123456789ab-8  push  sha256:000000000000  9.0 s
`);
    expect(out).toBe('✓ webapp-0123456789ab-8 is live after 9.0 s\n');
  });

  it('draws it on a terminal, and leaves the last picture of the build above its deployment', async () => {
    const { exitCode, err } = await waiting([building, { ...built, deployment: DEPLOYMENT }], {
      isTTY: true,
    });

    expect(exitCode).toBe(0);
    expect(err).toContain('BUILD                           26 s');
    expect(err.lastIndexOf('BUILD                           16 s')).toBeLessThan(err.indexOf(DEPLOYMENT));
  });

  it('that fails exits 1 and tells why', async () => {
    const { exitCode, out, looks } = await waiting([building, failed]);

    expect({ exitCode, out, looks }).toEqual({ exitCode: 1, out: FAILURE, looks: 2 });
  });

  it.each(['FAULT', 'STOPPED', 'TIMED_OUT'] as const)('that ends as %s exits 1', async (status) => {
    const { exitCode, out } = await waiting([{ ...failed, status }]);

    expect(exitCode).toBe(1);
    expect(out).toContain('BuildFailed');
  });

  it('with --json prints the build that failed, or the deployment as it ended, and shows no progress', async () => {
    const bad = await waiting([building, failed], { isJson: true });
    const good = await waiting([building, { ...built, deployment: DEPLOYMENT }], { isJson: true });

    expect([JSON.parse(bad.out), bad.err]).toEqual([failed, '']);
    expect([JSON.parse(good.out), good.err]).toEqual([live, '']);
  });

  it('as a stream of JSON prints a line for every change', async () => {
    const started = { ...built, deployment: DEPLOYMENT };
    const { out } = await waiting([building, building, started], { isJson: true, stream: true });

    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([{ build: building }, { build: started }, { deployment: live, service: idle }]);
  });

  it('ends at Ctrl-C, and says that the build goes on', async () => {
    const { exitCode, out, err, looks } = await waiting([justBegun], { interruptAfter: 3 });

    expect({ exitCode, out, looks }).toEqual({ exitCode: 130, out: '', looks: 3 });
    expect(err).toContain(`\
No longer watching. The build goes on, and deploys when it succeeds.
  watch it again: landfall watch landfall-dev-webapp:7d0c
`);
  });

  it('gives up a minute after it succeeded where no deployment has begun', async () => {
    const { exitCode, out, seconds } = await waiting([building, built]);

    expect(exitCode).toBeInstanceOf(CliError);
    expect(exitCode).toMatchObject({
      title: 'NotBegun',
      exitCode: 69,
      message: `${ID} succeeded, but no deployment of it has begun within 60 seconds.`,
      remedy: expect.stringContaining(`landfall deploy webapp --commit ${COMMIT}`),
    });
    expect({ out, seconds }).toEqual({ out: '', seconds: 62 });
  });
});
