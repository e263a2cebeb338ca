import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from '#lib/deployment/document.ts';
import {
  type BuildObservation,
  BuildStateChange,
  buildIdOf,
  deploymentOfBuild,
  describeFailedPhase,
  documentOfBuild,
  isBuildOf,
  lastOutputOf,
  serviceOfProject,
} from '#lib/deployment/release/build.ts';
import { DIGEST, failureOf, settings } from '../fixtures.ts';
import { build, commit, digest, START } from './built.ts';

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

const captured = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../events/${name}.json`, import.meta.url), 'utf8'));

describe('the event about a build', () => {
  const event = captured('codebuild-build-state-change.merged');

  it('names the build as BatchGetBuilds takes it', () => {
    expect(buildIdOf(BuildStateChange.parse(event))).toBe(
      'my-sample-project:8745a7a9-c340-456a-9166-edf953571bEX',
    );
  });

  it('is refused while the build is running', () => {
    const running = { ...event, detail: { ...event.detail, 'build-status': 'IN_PROGRESS' } };

    expect(BuildStateChange.safeParse(running).success).toBe(false);
  });

  it("names the service by its project, and no other installation's", () => {
    expect(serviceOfProject('landfall-dev-webapp', 'landfall-dev-')).toBe('webapp');
    expect(failureOf(() => serviceOfProject('landfall-prod-webapp', 'landfall-dev-'))).toMatchObject({
      name: 'InvalidEvent',
      message: expect.stringContaining('landfall-prod-webapp'),
    });
  });
});

describe('the deployment that a build starts', () => {
  const build = { id: 'landfall-dev-webapp:7d0c', number: 7, startedAt: 1_700_000_000_000, phases: ['…'] };
  const bundle = { bucket: 'landfall-artifacts', prefix: 'webapp/7d0c/bundle' };
  const file = {
    service: 'webapp',
    image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/webapp:0123456',
    digest: DIGEST,
    commit: '0123456789abcdef0123456789abcdef01234567',
    branch: 'main',
    author: 'pacuna',
    message: 'Add articles',
  };
  const made = (given: Partial<typeof file> = {}) =>
    documentOfBuild('webapp', settings(), build, bundle, { ...file, ...given });

  it('is a whole document, with what the build made and the settings of now', () => {
    expect(parseDocument(made())).toEqual({
      deployment: 'webapp-0123456789ab-7',
      service: 'webapp',
      settings: settings(),
      trigger: { kind: 'push', requestedBy: 'pacuna' },
      release: {
        image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/webapp',
        digest: DIGEST,
        commit: file.commit,
        branch: 'main',
        author: 'pacuna',
        message: 'Add articles',
        build: { id: build.id, number: 7, startedAt: 1_700_000_000_000 },
        bundle,
      },
    });
  });

  it('is the same byte for byte when the event arrives again: executions are started by name and input', () => {
    expect(JSON.stringify(made())).toBe(JSON.stringify(made()));
  });

  it('leaves out what the commit does not say, and keeps a long message short', () => {
    const { release, trigger } = made({ author: '', branch: '', message: 'x'.repeat(5_000) });

    expect(trigger).toEqual({ kind: 'push' });
    expect(release).not.toHaveProperty('author');
    expect(release).not.toHaveProperty('branch');
    expect(release.message).toHaveLength(1_000);
  });

  it('names who asked for its build through the API, where somebody did', () => {
    const asked = { ...build, requestedBy: 'arn:aws:iam::123456789012:user/ann' };

    const { trigger } = documentOfBuild('webapp', settings(), asked, bundle, file);

    expect(trigger).toEqual({ kind: 'ref', requestedBy: 'arn:aws:iam::123456789012:user/ann' });
  });

  it("is refused when the bundle is another service's", () => {
    expect(failureOf(() => made({ service: 'payments' }))).toMatchObject({
      name: 'BundleUnreadable',
      message: expect.stringContaining('is about payments, not about webapp'),
    });
  });
});
