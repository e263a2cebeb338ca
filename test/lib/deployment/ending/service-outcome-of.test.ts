import { describe, expect, it } from '@jest/globals';
import { isTouched, serviceOutcomeOf } from '#lib/deployment/ending/service-outcome-of.ts';
import { errorsWith } from '#lib/deployment/errors.ts';
import { document } from '../fixtures.ts';
import { failure, rollout } from './failed.ts';
import { halted, interrupted, interruptedIn } from './outcomes.ts';

describe('what the service runs', () => {
  it.each(halted)('%s is %s', (_when, outcome, document) => {
    expect(serviceOutcomeOf(document)).toBe(outcome);
  });

  it.each(interrupted)(
    'of an execution that was interrupted in %s is %s',
    (state, outcome, _change, given) => {
      expect(serviceOutcomeOf(interruptedIn(state, given))).toBe(outcome);
    },
  );

  it('is changed where an earlier run had touched it and did not say how it left it', () => {
    const resume = { from: 'UpdateService', after: 'unknown', count: 1, serviceOutcomeText: 'Changed.' };

    expect(serviceOutcomeOf(document({ resume }))).toBe('CHANGED');
  });
});

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
