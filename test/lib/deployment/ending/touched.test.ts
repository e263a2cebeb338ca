import { describe, expect, it } from '@jest/globals';
import { isTouched } from '#lib/deployment/ending/touched.ts';
import { errorsWith } from '#lib/deployment/errors.ts';
import { document } from '../fixtures.ts';
import { failure, rollout } from './failed.ts';

describe('a service', () => {
  it('is touched from its update on', () => {
    expect(isTouched(document())).toBe(false);
    expect(isTouched(document({ rollout }))).toBe(true);
  });

  it('may have been touched by an update that failed, unless its error says that nothing was changed', () => {
    const failed = (error: string) => document({ failure: failure({ state: 'UpdateService', error }) });

    expect(isTouched(failed('AwsUnavailable'))).toBe(true);
    expect(isTouched(failed('States.Timeout'))).toBe(true);
    for (const error of errorsWith('changedNothing')) expect(isTouched(failed(error))).toBe(false);
  });

  it('is not touched by what fails before', () => {
    expect(
      isTouched(document({ failure: failure({ state: 'RunMigration', error: 'AwsUnavailable' }) })),
    ).toBe(false);
  });
});
