import { describe, expect, it } from '@jest/globals';
import { parseDocument } from '#lib/deployment/document.ts';
import {
  chooseRollbackTarget,
  documentOfRollback,
  refuseSchemaAhead,
  rollbackTargetOf,
} from '#lib/deployment/ending/rollback.ts';
import { good, item } from '../claim/gone-live.ts';
import { DIGEST, failureOf, NOON, revision, settings } from '../fixtures.ts';

describe('a rollback that names nothing goes', () => {
  const claim = { owner: 'arn', redriveCount: 0, deployment: 'webapp-9', since: 0 };

  it('to the release before the last known good, where that runs', () => {
    expect(chooseRollbackTarget(item('3', '2', '1'), 'webapp:3').deployment).toBe('webapp-2');
  });

  it('to the last known good, where something else runs or is being deployed', () => {
    expect(chooseRollbackTarget(item('3', '2'), 'webapp:4').deployment).toBe('webapp-3');
    expect(chooseRollbackTarget({ ...item('3', '2'), claim }, 'webapp:3').deployment).toBe('webapp-3');
  });

  it('past what is the same image of the same commit, deployed twice: that would undo nothing', () => {
    const again = item('3', '2', '1');
    const twice = { ...again, lastKnownGood: { ...good('3'), digest: good('2').digest } };

    expect(chooseRollbackTarget(twice, 'webapp:3').deployment).toBe('webapp-1');
    const configured = { ...twice, lastKnownGood: { ...twice.lastKnownGood, commit: 'c'.repeat(40) } };
    expect(chooseRollbackTarget(configured, 'webapp:3').deployment).toBe('webapp-2');
  });

  it.each([
    ['nothing has gone live', item(), undefined, 'nothing of webapp has gone live yet'],
    ['none is remembered', item('1'), 'webapp:1', 'webapp-1 is live, and no other release before it'],
  ])('nowhere where %s', (_, given, running, why) => {
    expect(() => chooseRollbackTarget(given, running)).toThrow(why);
  });
});

describe('a rollback that names a deployment', () => {
  const record = {
    deployment: 'webapp-6',
    status: 'SUCCEEDED',
    taskDefinition: revision(6),
    digest: DIGEST,
    commit: 'abc',
    startedAt: NOON - 60_000,
    endedAt: NOON,
  };

  it('goes to the revision with which it went live', () => {
    expect(rollbackTargetOf(record)).toEqual({
      deployment: 'webapp-6',
      taskDefinition: revision(6),
      digest: DIGEST,
      commit: 'abc',
      at: NOON,
    });
    expect(rollbackTargetOf({ ...record, endedAt: undefined }).at).toBe(NOON - 60_000);
  });

  it.each([
    ['has not been live', { status: 'FAILED' }, 'webapp-6 is FAILED and has not been live'],
    ['registered nothing', { taskDefinition: undefined }, 'webapp-6 is SUCCEEDED and has not been live'],
    ['has no image on record', { digest: undefined }, 'the image of webapp-6 is not on record'],
  ])('is refused where that %s, with what to name instead', (_, given, why) => {
    const error = failureOf(() => rollbackTargetOf({ ...record, ...given }));

    expect(error.name).toBe('NothingToRollBackTo');
    expect(error.message).toContain(
      `${why}; name a deployment that has been live, or deploy the commit or the image that is wanted.`,
    );
  });
});

describe('a migration that is not backward compatible', () => {
  const to = { deployment: 'webapp-6', taskDefinition: revision(6), digest: DIGEST, at: NOON };
  const aheadSince = (at: number) => ({ schemaAhead: { deployment: 'webapp-7', at } });

  it('refuses a rollback to what went live before it', () => {
    const error = failureOf(() => refuseSchemaAhead(aheadSince(NOON + 1), to));

    expect(error.name).toBe('SchemaAhead');
    expect(error.message).toContain(
      'that of webapp-7 (2026-03-02T12:00:00.001Z) is not backward compatible, and webapp-6 went live on 2026-03-02T12:00:00.000Z',
    );
  });

  it('refuses none to what has been live since', () => {
    expect(() => refuseSchemaAhead(aheadSince(NOON), to)).not.toThrow();
    expect(() => refuseSchemaAhead({}, to)).not.toThrow();
  });
});

describe('the document of a rollback', () => {
  const to = { deployment: 'webapp-6', taskDefinition: revision(6), digest: DIGEST, at: NOON };
  const asked = {
    registry: 'registry',
    key: 'again',
    requestedBy: 'arn:ann',
    force: false,
    acrossSchema: false,
  };

  it('names a revision that has been live, so that nothing is registered and nothing migrated', () => {
    const made = documentOfRollback('webapp', settings(), { ...to, commit: 'abc' }, asked);

    expect(made).toEqual({
      deployment: 'webapp-rollback-again',
      service: 'webapp',
      settings: settings(),
      trigger: { kind: 'rollback', requestedBy: 'arn:ann' },
      release: { image: 'registry/webapp', digest: DIGEST, commit: 'abc', taskDefinition: revision(6) },
    });
    expect(parseDocument(made)).toEqual(made);
  });

  it('says where it was forced, and leaves out a commit that nobody knows', () => {
    const made = documentOfRollback('webapp', settings(), to, { ...asked, force: true, acrossSchema: true });

    expect(made.trigger).toEqual({
      kind: 'rollback',
      requestedBy: 'arn:ann',
      force: true,
      acrossSchema: true,
    });
    expect(made.release.commit).toBeUndefined();
  });
});
