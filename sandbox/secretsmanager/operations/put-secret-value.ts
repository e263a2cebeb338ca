import type {
  PutSecretValueRequest,
  PutSecretValueResponse,
  UpdateSecretRequest,
  UpdateSecretResponse,
} from '@aws-sdk/client-secrets-manager';
import { notSupported } from '#sandbox/core/errors.ts';
import { addVersion, findSecret, requireLive, type SecretsState } from '../state.ts';

export function putSecretValue(state: SecretsState) {
  return (input: PutSecretValueRequest): PutSecretValueResponse => {
    const secret = findSecret(state, input.SecretId);
    requireLive(secret);
    const { SecretString: text, SecretBinary: binary, ClientRequestToken: id } = input;
    const version = addVersion(state, secret, { text, binary, id }, input.VersionStages);
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
  };
}

export function updateSecret(state: SecretsState) {
  return (input: UpdateSecretRequest): UpdateSecretResponse => {
    const secret = findSecret(state, input.SecretId);
    requireLive(secret);
    if (input.KmsKeyId) throw notSupported('KMS keys of secrets');
    if (input.Description !== undefined) secret.description = input.Description;
    const { SecretString: text, SecretBinary: binary, ClientRequestToken: id } = input;
    const hasValue = text !== undefined || binary !== undefined;
    const version = hasValue ? addVersion(state, secret, { text, binary, id }) : undefined;
    return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
  };
}
