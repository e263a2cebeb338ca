import type {
  DescribeSecretRequest,
  DescribeSecretResponse,
  ListSecretsRequest,
  ListSecretsResponse,
} from '@aws-sdk/client-secrets-manager';
import { notSupported } from '#sandbox/core/errors.ts';
import { findSecret, type Secret, type SecretsState } from '../state.ts';

export function describeSecret(state: SecretsState) {
  return (input: DescribeSecretRequest): DescribeSecretResponse => {
    const secret = findSecret(state, input.SecretId);
    return { ...entry(secret), VersionIdsToStages: stagesOf(secret) };
  };
}

export function listSecrets(state: SecretsState) {
  return (input: ListSecretsRequest): ListSecretsResponse => {
    if (input.Filters?.length) throw notSupported('filters of ListSecrets');
    const live = [...state.secrets.values()].filter(
      (secret) => input.IncludePlannedDeletion || !secret.deletedAt,
    );
    const start = Number(input.NextToken ?? 0);
    const end = start + (input.MaxResults ?? 100);
    return {
      SecretList: live
        .slice(start, end)
        .map((secret) => ({ ...entry(secret), SecretVersionsToStages: stagesOf(secret) })),
      ...(end < live.length && { NextToken: String(end) }),
    };
  };
}

function entry(secret: Secret) {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    CreatedDate: secret.createdAt,
    LastChangedDate: secret.changedAt,
    DeletedDate: secret.deletedAt,
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

function stagesOf(secret: Secret): Record<string, string[]> {
  const staged = [...secret.versions.values()].filter(({ stages }) => stages.size > 0);
  return Object.fromEntries(staged.map(({ id, stages }) => [id, [...stages]]));
}
