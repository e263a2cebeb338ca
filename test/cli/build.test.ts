import { describe, expect, it } from '@jest/globals';
import type { Api } from '#cli/client/api.ts';
import type { Build, Deployment } from '#cli/client/contract.ts';
import { buildOf } from '#cli/client/target.ts';
import { CliError } from '#cli/errors.ts';
import { waitForBuild } from '#cli/following/wait.ts';
import { renderBuild, renderBuildFailure, renderBuildNews } from '#cli/render/build.ts';
import { createTestContext, inTurn, plain } from './context.ts';
import { idle } from './fixtures.ts';

const NOW = Date.parse('2030-01-31T12:00:30.000Z');
const at = (second: number) => new Date(NOW - 30_000 + second * 1_000).toISOString();

type Phase = Build['phases'][number];

const phase = (name: string, from: number, to: number | null, rest: Partial<Phase> = {}): Phase => ({
  phase: name,
  status: to === null ? null : 'SUCCEEDED',
  startedAt: at(from),
  endedAt: to === null ? null : at(to),
  ...rest,
});

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const ID = 'landfall-dev-webapp:7d0c';
const DEPLOYMENT = 'webapp-0123456789ab-8';

const begun: Build = {
  service: 'webapp',
  build: ID,
  correlationId: ID,
  status: 'IN_PROGRESS',
  ref: 'main',
  startedAt: at(0),
  endedAt: null,
  requestedBy: 'arn:aws:iam::123456789012:user/jane',
  phases: [phase('SUBMITTED', 0, 0.4), phase('PROVISIONING', 0.4, null)],
  deployment: null,
};
const building: Build = {
  ...begun,
  commit: COMMIT,
  phases: [phase('SUBMITTED', 0, 0.4), phase('PROVISIONING', 0.4, 4), phase('BUILD', 4, null)],
};
const built: Build = {
  ...building,
  status: 'SUCCEEDED',
  endedAt: at(20),
  phases: [phase('SUBMITTED', 0, 0.4), phase('PROVISIONING', 0.4, 4), phase('BUILD', 4, 20)],
};
const failed: Build = {
  ...building,
  status: 'FAILED',
  endedAt: at(20),
  phases: [
    phase('PROVISIONING', 0.4, 4),
    phase('BUILD', 4, 20, {
      status: 'FAILED',
      message: 'Error while executing command: docker build . Reason: exit status 3',
    }),
  ],
  logs: 'https://console.aws.amazon.com/cloudwatch/home#log',
  logTail: ['Step 5/6 : RUN make', 'make: *** No targets. Stop.'],
};

const FAILURE = `\
✗ landfall-dev-webapp:7d0c failed: BuildFailed after 20 s

  BUILD is FAILED.
  Error while executing command: docker build . Reason: exit status 3
  Last log lines:
    Step 5/6 : RUN make
    make: *** No targets. Stop.

Nothing was deployed. See what runs: landfall status webapp
The whole log: https://console.aws.amazon.com/cloudwatch/home#log
`;

describe('a build under way', () => {
  it('is a picture of its phases', () => {
    expect(renderBuild(building, { now: NOW, mark: '⠋' }, plain)).toBe(`\
landfall-dev-webapp:7d0c  ref main by jane  commit 0123456  30 s

  ✓  SUBMITTED                      0.4 s
  ✓  PROVISIONING                   3.6 s
  ⠋  BUILD                           26 s`);
  });

  it('that a push started names its commit once', () => {
    const pushed = { ...begun, ref: COMMIT, commit: COMMIT, requestedBy: 'GitHub-Hookshot/0123456' };

    expect(renderBuild(pushed, { now: NOW, mark: '⠋' }, plain).split('\n')[0]).toBe(
      'landfall-dev-webapp:7d0c  by GitHub-Hookshot/0123456  commit 0123456  30 s',
    );
  });

  it('that has succeeded waits for its deployment', () => {
    expect(renderBuild(built, { now: NOW, mark: '⠋' }, plain).split('\n').slice(-3)).toEqual([
      '  ✓  BUILD                           16 s',
      '',
      '  waits for its deployment to begin',
    ]);
  });

  it('is told in a log by what is new, a phase when it is entered and when it is left', () => {
    expect(renderBuildNews(undefined, begun, NOW, plain)).toEqual([
      '12:00:30  landfall-dev-webapp:7d0c  ref main by jane  30 s',
      '12:00:00  … SUBMITTED',
      '12:00:00  ✓  SUBMITTED                      0.4 s',
      '12:00:00  … PROVISIONING',
    ]);
    expect(renderBuildNews(begun, building, NOW, plain)).toEqual([
      '12:00:04  ✓  PROVISIONING                   3.6 s',
      '12:00:04  … BUILD',
    ]);
    expect(renderBuildNews(building, failed, NOW, plain)).toEqual([
      '12:00:20  ✗  BUILD                           16 s  FAILED',
    ]);
    expect(renderBuildNews(building, built, NOW, plain)).toEqual([
      '12:00:20  ✓  BUILD                           16 s',
      '12:00:30  waits for its deployment to begin',
    ]);
    expect(renderBuildNews(built, built, NOW + 1_000, plain)).toEqual([]);
  });
});

describe('the end of a build', () => {
  const script = ['set -eu', 'docker build .', 'docker push', 'fi'].join('\n');
  const message = `Error while executing command: ${script}. Reason: exit status 3`;
  const stopped: Build = { ...begun, status: 'STOPPED', endedAt: at(5) };

  it.each<[string, Build, string]>([
    ['with its phase, its log and where the rest of that is', failed, FAILURE],
    [
      'by its first and last line, where a script failed',
      { ...failed, phases: [phase('BUILD', 4, 20, { status: 'FAILED', message })], logTail: [] },
      `\
✗ landfall-dev-webapp:7d0c failed: BuildFailed after 20 s

  BUILD is FAILED.
  Error while executing command: set -eu
  …
  fi. Reason: exit status 3

Nothing was deployed. See what runs: landfall status webapp
The whole log: https://console.aws.amazon.com/cloudwatch/home#log
`,
    ],
    [
      'as stopped, where somebody stopped it',
      stopped,
      `\
✗ landfall-dev-webapp:7d0c was stopped: BuildFailed after 5.0 s

  It is STOPPED.

Nothing was deployed. See what runs: landfall status webapp
`,
    ],
  ])('that failed is told %s', (_, build, text) => {
    expect(renderBuildFailure(build, plain)).toBe(text);
  });
});

describe('the service of a build', () => {
  const api = {
    services: async () => ['app', 'web-app'].map((service) => ({ service })),
  } as unknown as Api;

  it('is the one that its project is named after', async () => {
    expect(await buildOf(api, 'landfall-dev-web-app:7d0c')).toEqual({
      service: 'web-app',
      build: 'landfall-dev-web-app:7d0c',
    });
    expect(await buildOf(api, 'landfall-dev-app:7d0c')).toMatchObject({ service: 'app' });
  });

  it('is not asked for where nothing, or something else, is named', async () => {
    expect(await buildOf(api, undefined)).toBeUndefined();
    expect(await buildOf(api, 'web-app-0123456789ab-8')).toBeUndefined();
  });

  it('may be none', async () => {
    await expect(buildOf(api, 'somebody-else:7d0c')).rejects.toMatchObject({ exitCode: 64 });
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
      begun,
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
    const { exitCode, out, err, looks } = await waiting([begun], { interruptAfter: 3 });

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
