import type { TestEventPatternRequest, TestEventPatternResponse } from '@aws-sdk/client-eventbridge';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import { compilePattern } from '../patterns/compile.ts';

const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** Tells whether an event matches a pattern; the event has to have the fields of every event. */
export function testEventPattern(): Operation<TestEventPatternRequest, TestEventPatternResponse> {
  return (input) => {
    const matches = compilePattern(input.EventPattern ?? '');
    const event = parseEvent(input.Event ?? '');
    const missing = REQUIRED.filter((name) => !(name in event));
    if (missing.length > 0) {
      throw new AwsError('ValidationException', `Event is not valid. Reason: missing ${missing.join(', ')}`);
    }
    return { Result: matches(event) };
  };
}

function parseEvent(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    throw new AwsError('ValidationException', `Event is not valid. Reason: ${(error as Error).message}`);
  }
}
