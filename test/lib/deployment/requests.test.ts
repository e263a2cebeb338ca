import { describe, expect, it } from '@jest/globals';
import { parseDocument, requireValue } from '#lib/deployment/document.ts';
import {
  migrationClientTokenOf,
  migrationStartedByOf,
  nameManualExecution,
  namePushExecution,
} from '#lib/deployment/naming.ts';
import { parseReleaseFile, pinnedImageOf, repositoryOf } from '#lib/deployment/release/release.ts';
import {
  DeploymentRequest,
  documentOfImage,
  IdempotencyKey,
  parseImage,
} from '#lib/deployment/release/request.ts';
import { fc } from '#test/support/property.ts';
import { DIGEST, document, failureOf, release, settings } from './fixtures.ts';

const registry = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

describe('an image that somebody asks for', () => {
  it.each<[string, string, { tag: string } | { digest: string }]>([
    ['webapp', 'v1', { tag: 'v1' }],
    [
      'webapp',
      '0123456789abcdef0123456789abcdef01234567',
      { tag: '0123456789abcdef0123456789abcdef01234567' },
    ],
    ['webapp', '_x.Y-z', { tag: '_x.Y-z' }],
    ['webapp', DIGEST, { digest: DIGEST }],
    ['webapp', 'webapp:v1', { tag: 'v1' }],
    ['webapp', `webapp@${DIGEST}`, { digest: DIGEST }],
    ['webapp', `webapp:v1@${DIGEST}`, { digest: DIGEST }],
    ['webapp', `${registry}/webapp:v1`, { tag: 'v1' }],
    ['webapp', `${registry}/webapp@${DIGEST}`, { digest: DIGEST }],
    ['team/webapp', 'team/webapp:v1', { tag: 'v1' }],
    ['team/webapp', `${registry}/team/webapp:v1`, { tag: 'v1' }],
  ])('of %s may be given as %s', (repository, reference, image) => {
    expect(parseImage(reference, { registry, repository })).toEqual(image);
  });

  it.each([
    'other:v1',
    'other/webapp:v1',
    'docker.io/library/webapp:v1',
    '210987654321.dkr.ecr.us-east-1.amazonaws.com/webapp:v1',
    `${registry}/webapp`,
    `${registry}:443/webapp:v1`,
    'webapp:',
    'webapp@',
    'webapp@v1',
    'webapp:v1@sha256:abc',
    'sha256:abc',
    `SHA256:${DIGEST.slice(7)}`,
    ':v1',
    `@${DIGEST}`,
    '.v1',
    '-v1',
    'v1 v2',
    'webapp:v1\n',
    'webapp:v1/../other',
    '',
    '/',
    `v${'1'.repeat(128)}`,
  ])('is refused as %j', (reference) => {
    expect(failureOf(() => parseImage(reference, { registry, repository: 'webapp' })).name).toBe(
      'InvalidRequest',
    );
  });

  it('is read as a tag or a digest, or refused by name, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.string(), (reference) => {
        try {
          const image = parseImage(reference, { registry, repository: 'webapp' });
          expect('tag' in image ? image.tag : image.digest).toMatch(
            /^(\w[\w.-]{0,127}|sha256:[0-9a-f]{64})$/,
          );
        } catch (error) {
          expect(error).toMatchObject({ name: 'InvalidRequest' });
        }
      }),
    );
  });

  it('becomes a deployment of its digest without a bundle, named after it and the key', () => {
    const made = documentOfImage(
      'webapp',
      settings(),
      { registry, digest: DIGEST },
      { key: 'again-1', requestedBy: 'arn:aws:iam::123456789012:user/ana' },
    );

    expect(parseDocument(made)).toEqual(made);
    expect(made).toMatchObject({
      deployment: 'webapp-a1a1a1a1a1a1-again-1',
      trigger: { kind: 'image', requestedBy: 'arn:aws:iam::123456789012:user/ana' },
      release: { image: `${registry}/webapp`, digest: DIGEST },
    });
    expect(made.release).not.toHaveProperty('bundle');
  });
});

describe('a request for a deployment', () => {
  it.each([{ image: 'v1' }, { ref: 'main' }, { ref: 'refs/tags/v1.0' }, { ref: 'HEAD~2' }])(
    'may be %j',
    (body) => {
      expect(DeploymentRequest.parse(body)).toEqual(body);
    },
  );

  it.each([
    {},
    { image: '' },
    { ref: '' },
    { ref: 'a b' },
    { ref: 'main; rm -rf /' },
    { ref: '--upload-pack=x' },
    { image: 'v1', ref: 'main' },
    { image: 'v1', force: true },
    { image: 1 },
    null,
    'v1',
  ])('is refused as %j', (body) => {
    expect(DeploymentRequest.safeParse(body).success).toBe(false);
  });

  it.each([
    [true, '7b0c1c9e-3c69-4d0e-9d0e-0a0b0c0d0e0f'],
    [true, 'release_7'],
    [false, ''],
    [false, 'a b'],
    [false, 'x'.repeat(37)],
    [false, 'a/b'],
  ])('%s: a key like %j', (accepted, key) => {
    expect(IdempotencyKey.safeParse(key).success).toBe(accepted);
  });
});

describe("an image's repository", () => {
  it.each([
    ['registry/webapp:v1', 'registry/webapp'],
    ['registry:5000/webapp:v1', 'registry:5000/webapp'],
    ['registry:5000/webapp', 'registry:5000/webapp'],
    [`registry:5000/team/webapp@${DIGEST}`, 'registry:5000/team/webapp'],
    [`registry/webapp:v1@${DIGEST}`, 'registry/webapp'],
    ['webapp:v1', 'webapp'],
    ['webapp', 'webapp'],
  ])('of %s is %s', (image, repository) => {
    expect(repositoryOf(image)).toBe(repository);
  });

  it('is found again in the image pinned by digest', () => {
    expect(repositoryOf(pinnedImageOf(release()))).toBe(release().image);
  });
});

describe('release.json', () => {
  const file = {
    service: 'webapp',
    image: 'registry/webapp:0123456',
    digest: DIGEST,
    commit: '0123456789abcdef',
  };

  it('is read, with what later versions may add left out', () => {
    expect(parseReleaseFile(JSON.stringify({ ...file, later: 1 }), 'release.json')).toEqual(file);
  });

  it.each([
    ['is not JSON', '{', /release\.json is not JSON/],
    ['lacks the digest', JSON.stringify({ ...file, digest: undefined }), /digest/],
    ['has another digest than SHA-256', JSON.stringify({ ...file, digest: 'sha1:00' }), /digest/],
    ['has an empty commit', JSON.stringify({ ...file, commit: '' }), /commit/],
    ['is a list', '[]', /object/],
  ])('that %s is refused and says where', (_, text, message) => {
    const error = failureOf(() => parseReleaseFile(text, 'release.json'));

    expect(error.name).toBe('BundleUnreadable');
    expect(error.message).toMatch(message);
  });
});

const service = fc.stringMatching(/^[a-z][a-z0-9-]{0,29}$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const key = fc.stringMatching(/^[\w-]{1,36}$/);
const releases = fc
  .record({
    digest,
    commit: fc.option(fc.oneof(fc.stringMatching(/^[0-9a-f]{40}$/), fc.string({ minLength: 1 })), {
      nil: undefined,
    }),
    number: fc.integer({ min: 1 }),
  })
  .map(({ digest, commit, number }) => release({ digest, commit, build: { id: 'b', number, startedAt: 0 } }));

describe('names', () => {
  it('of executions are 1 to 80 characters that Step Functions and CloudWatch take', () => {
    fc.assert(
      fc.property(service, releases, key, (name, given, key) => {
        for (const made of [namePushExecution(name, given), nameManualExecution(name, given.digest, key)]) {
          expect(made).toMatch(/^[0-9A-Za-z_-]{1,80}$/);
        }
      }),
    );
  });

  it('of executions tell builds and keys apart, however long the service is called', () => {
    fc.assert(
      fc.property(service, digest, key, key, (name, digest, one, other) => {
        const names = [one, other].map((each) => nameManualExecution(name, digest, each));
        expect(names[0] === names[1]).toBe(one === other);
      }),
    );
    const builds = [1, 2].map((number) =>
      namePushExecution('a'.repeat(30), release({ build: { id: 'b', number, startedAt: 0 } })),
    );
    expect(new Set(builds).size).toBe(2);
  });

  it('of pushes are made of service, commit and build, the same whenever they are made', () => {
    expect(namePushExecution('webapp', release())).toBe('webapp-0123456789ab-7');
    expect(namePushExecution('webapp', release({ message: 'later', author: 'other' }))).toBe(
      'webapp-0123456789ab-7',
    );
    expect(namePushExecution('webapp', release({ commit: undefined, build: undefined }))).toBe(
      'webapp-a1a1a1a1a1a1',
    );
  });

  it('of who started a migration are what ECS takes, and the same for every release of the service', () => {
    fc.assert(
      fc.property(service, (name) => {
        expect(migrationStartedByOf(name)).toMatch(/^[0-9A-Za-z/_-]{1,128}$/);
      }),
    );
  });

  it('of migration attempts are what RunTask takes for a token, and tell attempts and deployments apart', () => {
    fc.assert(
      fc.property(service, releases, fc.integer({ min: 1, max: 10_000 }), (name, given, attempt) => {
        const deployment = namePushExecution(name, given);
        const token = migrationClientTokenOf({ deployment }, attempt);

        expect(token).toMatch(/^[!-~]{1,64}$/);
        expect(migrationClientTokenOf({ deployment }, attempt + 1)).not.toBe(token);
        expect(migrationClientTokenOf({ deployment: `${deployment}0` }, attempt)).not.toBe(token);
      }),
    );
  });
});

describe('the deployment document', () => {
  it('is accepted as it is, defaults and all', () => {
    expect(parseDocument(document())).toEqual(document());
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown member', { ...document(), force: true }, /force/],
    ['a service that no table key may have', { ...document(), service: 'Web App' }, /service/],
    ['a digest of another kind', document({ release: release({ digest: 'latest' }) }), /digest/],
    ['a name longer than that of an execution', document({ deployment: 'x'.repeat(81) }), /deployment/],
    ['nothing', undefined, /object/],
  ])('is refused with %s, which is named', (_, value, message) => {
    const error = failureOf(() => parseDocument(value));

    expect(error.name).toBe('InvalidDocument');
    expect(error.message).toMatch(message);
  });

  it('lacking what a state needs says so', () => {
    expect(requireValue(0, 'zero')).toBe(0);
    for (const value of [undefined, null]) {
      expect(failureOf(() => requireValue(value, 'rollout'))).toMatchObject({
        name: 'InvalidDocument',
        message: expect.stringContaining('"rollout" is missing'),
      });
    }
  });
});
