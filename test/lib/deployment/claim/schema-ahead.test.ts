import { describe, expect, it } from '@jest/globals';
import { hasMovedSchema, isSchemaAhead, withSchemaAhead } from '#lib/deployment/claim/schema-ahead.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { failure } from '../ending/failed.ts';
import { document, NOON, settings, taskArn } from '../fixtures.ts';
import { service } from './claimants.ts';

describe('a migration that is not backward compatible', () => {
  const migration = { attempt: 1, taskArn: taskArn('1'), deadline: NOON, status: 'running' as const };
  const ahead = settings({ migration: { overrides: 'm.json', backwardCompatible: false } });

  it.each<[boolean, string, Partial<DeploymentDocument>]>([
    [
      true,
      'that failed',
      { migration, failure: failure({ state: 'AwaitMigration', error: 'MigrationFailed' }) },
    ],
    [true, 'that went well', { migration }],
    [false, 'that never ran', {}],
    [
      false,
      'that never began',
      { migration, failure: failure({ state: 'RunMigration', error: 'MigrationNotStarted' }) },
    ],
    [
      false,
      'of an earlier run, when this one was refused in the queue',
      { migration, failure: failure({ state: 'ClaimService', error: 'ServiceFrozen' }) },
    ],
    [
      false,
      "of an earlier run, when the service is another's by now",
      { migration, failure: failure({ error: 'ClaimLost' }) },
    ],
  ])('has moved the schema (%s) where it is one %s', (moved, _, given) => {
    expect(hasMovedSchema(document({ settings: ahead, ...given }))).toBe(moved);
  });
});

describe('the schema of a service', () => {
  const migration = { attempt: 1, taskArn: taskArn('1'), deadline: NOON, status: 'succeeded' as const };
  const incompatible = settings({ migration: { overrides: 'm.json', backwardCompatible: false } });

  it('is ahead of the old code once such a migration has run, whoever holds the service', () => {
    expect(isSchemaAhead(document({ settings: incompatible, migration }))).toBe(true);
    expect(isSchemaAhead(document({ settings: incompatible }))).toBe(false);
    expect(
      isSchemaAhead(document({ settings: settings({ migration: { overrides: 'm.json' } }), migration })),
    ).toBe(false);
  });

  it('is remembered by the latest of these migrations, also where an older end is told late', () => {
    const ahead = { deployment: 'webapp-7', at: NOON };
    const item = { ...service, schemaAhead: ahead };

    expect(withSchemaAhead(service, ahead)).toEqual(item);
    expect(withSchemaAhead(item, ahead)).toBe(item);
    expect(withSchemaAhead(item, { deployment: 'webapp-6', at: NOON - 1 })).toBe(item);
    expect(withSchemaAhead(item, undefined)).toBe(item);
    expect(withSchemaAhead(item, { deployment: 'webapp-8', at: NOON + 1 }).schemaAhead?.deployment).toBe(
      'webapp-8',
    );
  });
});
