import { describe, expect, it } from '@jest/globals';
import { parseDocument } from '#lib/deployment/document.ts';
import {
  DeploymentRequest,
  documentOfCommit,
  documentOfImage,
  FreezeRequest,
  IdempotencyKey,
  parseImage,
  RollbackRequest,
  refusePullRequest,
} from '#lib/deployment/release/request.ts';
import { fc } from '#test/support/property.ts';
import { DIGEST, failureOf, settings } from '../fixtures.ts';

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
    'refs/pull/7/head',
    'refs/pull/7/merge',
    'refs/pull/7/head~1',
    '/refs//pull/7/head',
    'REFS/PULL/7/head',
    'pull/7/head',
    'pr/7',
    'refs/merge-requests/7/head',
    'refs/pull-requests/7/from',
    'merge-requests/7/head',
    'refs/changes/07/7/1',
    'refs/remotes/fork/main',
  ])('for the ref %s needs allowPullRequests', (ref) => {
    const error = failureOf(() => refusePullRequest({ ref }, {}));

    expect(error).toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringMatching(
        `^.*${ref} may be a pull request's.*allowPullRequests: true in services.yml.$`,
      ),
    });
    expect(() => refusePullRequest({ ref }, { allowPullRequests: true })).not.toThrow();
  });

  it.each([
    { ref: 'main' },
    { ref: 'refs/heads/pull/7/head' },
    { ref: 'refs/tags/v1.0' },
    { ref: 'pr/fix-the-cart' },
    { ref: 'pull/the-plug' },
    { ref: 'refs' },
    { ref: '0123456789abcdef0123456789abcdef01234567' },
    { image: 'pr/7' },
    { commit: '1a2b3c4' },
  ])('as %j needs no consent', (request) => {
    expect(() => refusePullRequest(request, {})).not.toThrow();
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

describe('a commit that somebody asks for', () => {
  it('becomes a deployment of its bundle, so with its migration, and without the number of its build', () => {
    const made = documentOfCommit(
      'webapp',
      settings(),
      { bucket: 'artifacts', prefix: 'webapp/7' },
      { service: 'webapp', image: `${registry}/webapp:abc`, digest: DIGEST, commit: 'abc', branch: 'main' },
      { key: 'again-1', requestedBy: 'arn:ana' },
    );

    expect(parseDocument(made)).toEqual(made);
    expect(made).toMatchObject({
      deployment: 'webapp-a1a1a1a1a1a1-again-1',
      trigger: { kind: 'commit', requestedBy: 'arn:ana' },
    });
    expect(made.release).toEqual({
      image: `${registry}/webapp`,
      digest: DIGEST,
      commit: 'abc',
      branch: 'main',
      bundle: { bucket: 'artifacts', prefix: 'webapp/7' },
    });
  });
});

describe('a request for a rollback', () => {
  it('may be nothing, a deployment, and forced', () => {
    expect(RollbackRequest.parse(undefined)).toEqual({});
    expect(RollbackRequest.parse({ to: 'webapp-6', force: true })).toEqual({ to: 'webapp-6', force: true });
  });

  it.each([{ to: '' }, { to: 'x'.repeat(81) }, { force: 'yes' }, { deployment: 'webapp-6' }])(
    'is refused as %j',
    (body) => {
      expect(RollbackRequest.safeParse(body).success).toBe(false);
    },
  );
});

describe('a request for a freeze', () => {
  it.each([{ reason: 'stocktaking' }, { reason: 'Ausverkauf, 50 %', until: '2030-01-31T12:00:00+01:00' }])(
    'may be %j',
    (body) => {
      expect(FreezeRequest.parse(body)).toEqual(body);
    },
  );

  it.each([
    {},
    { reason: ' ' },
    { reason: 'two\nlines' },
    { reason: 'turned \u202e round' },
    { reason: 'x'.repeat(257) },
    { reason: 'sale', until: '2030-01-31' },
  ])('is refused as %j', (body) => {
    expect(FreezeRequest.safeParse(body).success).toBe(false);
  });
});
