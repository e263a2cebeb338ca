import { describe, expect, it } from '@jest/globals';
import { describeServiceOutcome } from '#lib/deployment/ending/describe-service-outcome.ts';
import { halted, interrupted, interruptedIn } from './outcomes.ts';

describe('what is left running', () => {
  it.each(halted)('is told %s: %s', (_when, _outcome, document, sentence) => {
    expect(describeServiceOutcome(document)).toBe(sentence);
  });

  it.each(interrupted)(
    'is told of an execution that was interrupted in %s: %s',
    (state, _outcome, _change, given, sentence) => {
      expect(describeServiceOutcome(interruptedIn(state, given))).toBe(sentence);
    },
  );
});
