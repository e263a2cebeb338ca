import { describe, expect, it } from '@jest/globals';
import {
  migrationClientTokenOf,
  migrationStartedByOf,
  nameManualExecution,
  namePushExecution,
} from '#lib/deployment/naming.ts';
import { fc } from '#test/support/property.ts';
import { release } from './fixtures.ts';

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
