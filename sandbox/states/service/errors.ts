import { AwsError } from '#sandbox/core/errors.ts';

/** Step Functions words its errors as "Kind: 'what was wrong'". */
export function statesError(code: string, kind: string, detail: string): AwsError {
  return new AwsError(code, `${kind}: '${detail}'`);
}

export function validationError(member: string, value: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** Refuses what the local Step Functions does not do, instead of ignoring it. */
export function notSupported(what: string): AwsError {
  return new AwsError('ValidationException', `${what} is not supported by this local Step Functions`);
}

export function atMost(member: string, value: string | undefined, length: number): void {
  if (value !== undefined && value.length > length) {
    throw validationError(
      member,
      value.length > 64 ? `${value.slice(0, 64)}…` : value,
      `Member must have length less than or equal to ${length}`,
    );
  }
}
