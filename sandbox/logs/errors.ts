import { AwsError } from '#sandbox/core/errors.ts';

type Thing = 'log group' | 'log stream';

export function resourceNotFound(thing: Thing): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${thing} does not exist.`);
}

export function resourceAlreadyExists(thing: Thing): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${thing} already exists`);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
