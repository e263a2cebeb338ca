import { describe, expect, it } from '@jest/globals';
import type { Build } from '#cli/client/contract.ts';
import { renderBuild, renderBuildFailure, renderBuildNews } from '#cli/render/build.ts';
import { at, building, built, COMMIT, FAILURE, failed, justBegun, NOW, phase } from '../builds.ts';
import { plain } from '../context.ts';

describe('a build under way', () => {
  it('is a picture of its phases', () => {
    expect(renderBuild(building, { now: NOW, mark: '⠋' }, plain)).toBe(`\
landfall-dev-webapp:7d0c  ref main by jane  commit 0123456  30 s

  ✓  SUBMITTED                      0.4 s
  ✓  PROVISIONING                   3.6 s
  ⠋  BUILD                           26 s`);
  });

  it('that a push started names its commit once', () => {
    const pushed = { ...justBegun, ref: COMMIT, commit: COMMIT, requestedBy: 'GitHub-Hookshot/0123456' };

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
    expect(renderBuildNews(undefined, justBegun, NOW, plain)).toEqual([
      '12:00:30  landfall-dev-webapp:7d0c  ref main by jane  30 s',
      '12:00:00  … SUBMITTED',
      '12:00:00  ✓  SUBMITTED                      0.4 s',
      '12:00:00  … PROVISIONING',
    ]);
    expect(renderBuildNews(justBegun, building, NOW, plain)).toEqual([
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
  const stopped: Build = { ...justBegun, status: 'STOPPED', endedAt: at(5) };

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
