import type { CreateSecretRequest, CreateSecretResponse } from '@aws-sdk/client-secrets-manager';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { addVersion, type Secret, type SecretsState } from '../state.ts';

export function createSecret(state: SecretsState) {
  return (input: CreateSecretRequest): CreateSecretResponse => {
    const name = input.Name ?? '';
    if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) {
      throw new AwsError(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      );
    }
    const known = state.secrets.get(name);
    if (known?.deletedAt) {
      throw new AwsError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    if (known) {
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const now = new Date(state.context.clock.now());
    const secret: Secret = {
      arn: arn(state.context, 'secretsmanager', `secret:${name}-${suffix(state)}`),
      name,
      ...(input.Description !== undefined && { description: input.Description }),
      createdAt: now,
      changedAt: now,
      versions: new Map(),
      tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    };
    const { SecretString: text, SecretBinary: binary, ClientRequestToken: id } = input;
    const hasValue = text !== undefined || binary !== undefined;
    const version = hasValue ? addVersion(state, secret, { text, binary, id }) : undefined;
    state.secrets.set(name, secret);
    return { ARN: secret.arn, Name: name, VersionId: version?.id };
  };
}

/** The six letters and digits behind the name in an ARN. */
function suffix(state: SecretsState): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(
    { length: 6 },
    () => letters[Math.floor(state.context.random.next() * letters.length)],
  ).join('');
}
