import { describe, expect, it } from '@jest/globals';
import {
  describeRelease,
  parseReleaseFile,
  pinnedImageOf,
  repositoryOf,
} from '#lib/deployment/release/release.ts';
import { DIGEST, failureOf, release } from '../fixtures.ts';

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

describe('what a release is known by', () => {
  it('is its digest and its commit, and what the commit says of itself', () => {
    const file = { service: 'webapp', image: 'webapp:1', digest: DIGEST, commit: 'abc' };

    expect(describeRelease(file)).toEqual({ digest: DIGEST, commit: 'abc' });
    expect(describeRelease({ ...file, branch: 'main', author: '', message: 'x'.repeat(1_001) })).toEqual({
      digest: DIGEST,
      commit: 'abc',
      branch: 'main',
      message: 'x'.repeat(1_000),
    });
  });
});
