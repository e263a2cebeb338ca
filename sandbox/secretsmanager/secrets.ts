import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { createSsm } from '#sandbox/ssm/ssm.ts';
import { findParameter } from '#sandbox/ssm/state.ts';
import { createSecretsManager } from './secretsmanager.ts';
import { findSecret, findVersion, requireLive } from './state.ts';

/** Secrets Manager and the Parameter Store, with what ECS asks of both. */
export interface Secrets {
  definitions: ServiceDefinition[];
  /**
   * The value that a container definition's `valueFrom` names: a secret's ARN (with `:jsonKey:stage:version`),
   * or a parameter's name or ARN. Fails with ResourceNotFoundException.
   */
  resolve(valueFrom: string): string;
}

export function createSecrets(context: SandboxContext): Secrets {
  const secretsManager = createSecretsManager(context);
  const ssm = createSsm(context);
  return {
    definitions: [secretsManager.definition, ssm.definition],

    resolve(valueFrom) {
      if (/^arn:[^:]*:secretsmanager:/.test(valueFrom)) return resolveSecret(secretsManager.state, valueFrom);
      const parameter = findParameter(ssm.state, valueFrom);
      if (parameter) return parameter.version.value;
      throw new AwsError('ResourceNotFoundException', `Invalid ssm parameters: ${valueFrom}`);
    },
  };
}

/** `arn:aws:secretsmanager:region:account:secret:name:json-key:version-stage:version-id`, the last three optional. */
function resolveSecret(state: Parameters<typeof findSecret>[0], valueFrom: string): string {
  const parts = valueFrom.split(':');
  const secret = findSecret(state, parts.slice(0, 7).join(':'));
  const [jsonKey, stage, version] = parts.slice(7);
  requireLive(secret);
  const { text } = findVersion(secret, version || undefined, stage || undefined);
  if (text === undefined) {
    throw new AwsError('ResourceNotFoundException', `the secret ${secret.name} holds no text`);
  }
  return jsonKey ? member(text, jsonKey) : text;
}

/** As the ECS agent words it when the key is not there. */
function member(text: string, jsonKey: string): string {
  let values: Record<string, unknown>;
  try {
    values = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new AwsError(
      'ResourceNotFoundException',
      'retrieved secret from Secrets Manager is not valid JSON',
    );
  }
  const value = values[jsonKey];
  if (value === undefined) {
    throw new AwsError(
      'ResourceNotFoundException',
      `retrieved secret from Secrets Manager did not contain json key ${jsonKey}`,
    );
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
