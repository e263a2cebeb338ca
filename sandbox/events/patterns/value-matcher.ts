import { AwsError } from '#sandbox/core/errors.ts';

/** Whether one JSON value of an event matches; `undefined` stands for a field that is not there. */
export type ValueMatcher = (value: unknown) => boolean;

export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

export function requireText(operator: string, argument: unknown): string {
  if (typeof argument !== 'string') throw invalidPattern(`${operator} match pattern must be a string`);
  if (argument === '') throw invalidPattern('Null prefix/suffix not allowed');
  return argument;
}

/** prefix and suffix, also in the form {"prefix": {"equals-ignore-case": "x"}}. */
export function compileAffix(
  operator: string,
  argument: unknown,
  test: (text: string, affix: string) => boolean,
): ValueMatcher {
  if (typeof argument === 'object' && argument !== null && 'equals-ignore-case' in argument) {
    const affix = requireText(operator, argument['equals-ignore-case']).toLowerCase();
    return (value) => typeof value === 'string' && test(value.toLowerCase(), affix);
  }
  const affix = requireText(operator, argument);
  return (value) => typeof value === 'string' && test(value, affix);
}
