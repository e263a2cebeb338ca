import type {
  DeleteSecretRequest,
  DeleteSecretResponse,
  RestoreSecretRequest,
  RestoreSecretResponse,
} from '@aws-sdk/client-secrets-manager';
import { AwsError } from '#sandbox/core/errors.ts';
import { findSecret, requireLive, type SecretsState } from '../state.ts';

const day = 24 * 3600 * 1000;

/** Marks the secret for deletion after 7 to 30 days (30 by default), or deletes it at once when forced. */
export function deleteSecret(state: SecretsState) {
  return (input: DeleteSecretRequest): DeleteSecretResponse => {
    const secret = findSecret(state, input.SecretId);
    const { RecoveryWindowInDays: days = 30, ForceDeleteWithoutRecovery: force } = input;
    if (force && input.RecoveryWindowInDays !== undefined) {
      throw new AwsError(
        'InvalidParameterException',
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    }
    if (days < 7 || days > 30) {
      throw new AwsError(
        'InvalidParameterException',
        'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
      );
    }
    const now = state.context.clock.now();
    if (force) state.secrets.delete(secret.name);
    else {
      requireLive(secret);
      secret.deletedAt = new Date(now + days * day);
    }
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletedAt ?? new Date(now) };
  };
}

export function restoreSecret(state: SecretsState) {
  return (input: RestoreSecretRequest): RestoreSecretResponse => {
    const secret = findSecret(state, input.SecretId);
    delete secret.deletedAt;
    return { ARN: secret.arn, Name: secret.name };
  };
}
