import { describe, expect, it } from '@jest/globals';
import { hasMovedSchema } from '#lib/deployment/claim/schema-ahead.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { failure } from '../ending/failed.ts';
import { document, NOON, settings, taskArn } from '../fixtures.ts';

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
