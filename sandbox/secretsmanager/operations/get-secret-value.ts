import type { GetSecretValueRequest, GetSecretValueResponse } from '@aws-sdk/client-secrets-manager';
import { findSecret, findVersion, requireLive, type SecretsState } from '../state.ts';

export function getSecretValue(state: SecretsState) {
  return (input: GetSecretValueRequest): GetSecretValueResponse => {
    const secret = findSecret(state, input.SecretId);
    requireLive(secret);
    const version = findVersion(secret, input.VersionId, input.VersionStage);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.text,
      SecretBinary: version.binary,
      VersionStages: [...version.stages],
      CreatedDate: version.createdAt,
    };
  };
}
