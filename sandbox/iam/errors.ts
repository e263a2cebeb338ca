import { AwsError } from '#sandbox/core/errors.ts';
import type { IamStore, Role } from './store.ts';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, { httpStatus: 404 });
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, { httpStatus: 409 });
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, { httpStatus: 409 });
}

export function roleNamed(store: IamStore, roleName: string): Role {
  const role = store.roles.get(roleName);
  if (!role) throw noSuchEntity(`The role with name ${roleName} cannot be found.`);
  return role;
}
