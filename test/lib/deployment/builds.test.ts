import { describe, expect, it } from '@jest/globals';
import { describeBuild } from '#lib/deployment/record/status.ts';
import {
  type BuildObservation,
  deploymentOfBuild,
  describeFailedPhase,
  documentOfBuild,
  isBuildOf,
  lastOutputOf,
} from '#lib/deployment/release/build.ts';
import { settings } from './fixtures.ts';

const commit = '74aef81b0123456789abcdef0123456789abcdef';
const digest = `sha256:${'a'.repeat(64)}`;
const START = Date.parse('2030-01-31T12:00:00Z');

const build: BuildObservation = {
  id: 'landfall-dev-webapp:7d0c',
  number: 7,
  project: 'landfall-dev-webapp',
  status: 'SUCCEEDED',
  startedAt: START,
  endedAt: START + 60_000,
  ref: 'main',
  commit,
  exported: { COMMIT: commit, IMAGE_DIGEST: digest },
  phases: [{ phase: 'BUILD', status: 'SUCCEEDED', startedAt: START, endedAt: START + 60_000 }],
};

describe('the id of a build', () => {
  it.each<[string, boolean, string]>([
    ['its own', true, 'landfall-dev-webapp:7d0c4b2e-0000-4000-8000-000000000000'],
    ['another service whose name goes on', false, 'landfall-dev-webapp-two:7d0c'],
    ['another service', false, 'landfall-dev-shop:7d0c'],
    ['no build', false, 'landfall-dev-webapp:'],
    ['a path', false, 'landfall-dev-webapp:../7d0c'],
    ['nothing', false, ''],
  ])('of %s: %s', (_, expected, id) => {
    expect(isBuildOf('landfall-dev-webapp', id)).toBe(expected);
  });
});

describe('the deployment of a build', () => {
  it('has the name that the trigger gives it', () => {
    const bundle = { bucket: 'artifacts', prefix: 'webapp/7d0c' };
    const file = { service: 'webapp', image: 'registry/webapp:1', digest, commit };
    const { deployment } = documentOfBuild('webapp', settings(), build, bundle, file);

    expect(deploymentOfBuild('webapp', build)).toBe(deployment);
  });

  it.each<[string, Partial<BuildObservation>]>([
    ['runs', { status: 'IN_PROGRESS' }],
    ['failed', { status: 'FAILED' }],
    ['exported nothing', { exported: {} }],
  ])('is none where it %s', (_, changed) => {
    expect(deploymentOfBuild('webapp', { ...build, ...changed })).toBeUndefined();
  });
});

describe('a build as the API describes it', () => {
  it('has what CodeBuild knows of it, its times in ISO 8601', () => {
    const phases = [
      { phase: 'INSTALL', status: 'SUCCEEDED', startedAt: START, endedAt: START + 1_000 },
      { phase: 'BUILD', startedAt: START + 1_000 },
    ];
    const { endedAt: _, ...running } = build;
    const described = describeBuild(
      'webapp',
      { ...running, status: 'IN_PROGRESS', phases, initiator: 'role', requestedBy: 'jane' },
      undefined,
      [],
    );

    expect(described).toEqual({
      service: 'webapp',
      build: 'landfall-dev-webapp:7d0c',
      correlationId: 'landfall-dev-webapp:7d0c',
      status: 'IN_PROGRESS',
      ref: 'main',
      commit,
      startedAt: '2030-01-31T12:00:00.000Z',
      endedAt: null,
      requestedBy: 'jane',
      phases: [
        {
          phase: 'INSTALL',
          status: 'SUCCEEDED',
          startedAt: '2030-01-31T12:00:00.000Z',
          endedAt: '2030-01-31T12:00:01.000Z',
        },
        { phase: 'BUILD', status: null, startedAt: '2030-01-31T12:00:01.000Z', endedAt: null },
      ],
      deployment: null,
    });
  });
});

describe('a build that failed', () => {
  const phases = [
    { phase: 'INSTALL', status: 'SUCCEEDED', startedAt: START, endedAt: START },
    { phase: 'BUILD', status: 'FAILED', startedAt: START, endedAt: START, message: 'exit status 3' },
    { phase: 'FINALIZING', status: 'SUCCEEDED', startedAt: START, endedAt: START },
  ];
  const agent = (text: string) => `[Container] 2026/11/22 18:40:04.123456 ${text}\n`;
  const log = [
    agent('Entering phase BUILD'),
    agent('Running command set -eu'),
    '#5 RUN make\n',
    ' ',
    'make: *** No targets.  Stop.\n',
    agent('Command did not exit successfully set -eu\ndocker build .\nfi exit status 3'),
    agent('Phase complete: BUILD State: FAILED'),
    agent(
      'Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing command: set -eu',
    ),
    'docker build .\n',
    'fi. Reason: exit status 3\n',
    agent('Phase complete: FINALIZING State: SUCCEEDED'),
  ];

  it('is told by the phase that failed', () => {
    expect(describeFailedPhase({ phases })).toBe('BUILD FAILED: exit status 3');
    expect(describeFailedPhase({ phases: phases.slice(0, 1) })).toBeUndefined();
  });

  it("is told with its commands' last lines, and without the command that CodeBuild repeats", () => {
    expect(lastOutputOf(log, 20)).toEqual(['#5 RUN make', 'make: *** No targets.  Stop.']);
    expect(lastOutputOf(log, 1)).toEqual(['make: *** No targets.  Stop.']);
  });

  it('is told with what there is where it was stopped in the middle, and with nothing where nothing ran', () => {
    expect(lastOutputOf(['one\ntwo\n', 'three'], 2)).toEqual(['two', 'three']);
    expect(lastOutputOf([agent('Waiting for DOWNLOAD_SOURCE')], 20)).toEqual([]);
  });
});
