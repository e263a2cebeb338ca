import * as sdk from '@aws-sdk/client-secrets-manager';
import { arn } from '#sandbox/core/arn.ts';
import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { createSecret } from './operations/create-secret.ts';
import { deleteSecret, restoreSecret } from './operations/delete-secret.ts';
import { describeSecret, listSecrets } from './operations/describe-secret.ts';
import { getSecretValue } from './operations/get-secret-value.ts';
import { putSecretValue, updateSecret } from './operations/put-secret-value.ts';
import type { SecretsState } from './state.ts';

/** Secrets Manager. Secrets live in memory and nowhere else. */
export function createSecretsManager(context: SandboxContext): {
  definition: ServiceDefinition;
  state: SecretsState;
} {
  const state: SecretsState = { context, secrets: new Map() };
  return {
    state,
    definition: {
      signingName: 'secretsmanager',
      sdk,
      operations: {
        CreateSecret: createSecret(state),
        GetSecretValue: getSecretValue(state),
        PutSecretValue: putSecretValue(state),
        UpdateSecret: updateSecret(state),
        DescribeSecret: describeSecret(state),
        ListSecrets: listSecrets(state),
        DeleteSecret: deleteSecret(state),
        RestoreSecret: restoreSecret(state),
      },
      authorize: (operation, input) => authorize(state, operation, input),
    },
  };
}

/** Service Authorization Reference: everything but ListSecrets is asked for on the secret's full ARN. */
function authorize(
  state: SecretsState,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const action = `secretsmanager:${operation}`;
  if (operation === 'ListSecrets') return [{ action, resources: ['*'] }];
  const id = String(input.SecretId ?? input.Name);
  const known = [...state.secrets.values()].find(
    (secret) => secret.name === id || secret.arn === id || secret.arn.slice(0, -7) === id,
  );
  const named = id.startsWith('arn:') ? id : arn(state.context, 'secretsmanager', `secret:${id}`);
  return [{ action, resources: [known?.arn ?? named] }];
}
