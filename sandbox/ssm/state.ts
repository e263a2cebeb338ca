import { createCipheriv, createHash } from 'node:crypto';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

export interface ParameterVersion {
  version: number;
  value: string;
  type: 'String' | 'StringList' | 'SecureString';
  modifiedAt: Date;
  modifiedBy: string;
  description?: string;
}

export interface StoredParameter {
  name: string;
  arn: string;
  /** Oldest first. */
  versions: ParameterVersion[];
  tags: Map<string, string>;
}

export interface SsmState {
  context: SandboxContext;
  parameters: Map<string, StoredParameter>;
  /** Of this sandbox: what SecureString values are encrypted with where nobody asked for the plain text. */
  key: string;
}

/** Names in ARNs have exactly one slash after `parameter`. */
export function parameterArn(context: SandboxContext, name: string): string {
  return arn(context, 'ssm', `parameter/${name.replace(/^\//, '')}`);
}

/** By name, by ARN, and with `:version` behind either. */
export function findParameter(state: SsmState, text: string | undefined) {
  const [, reference = '', selector] = /^(.*?)(?::(\d+))?$/.exec(text ?? '') ?? [];
  const stored = [...state.parameters.values()].find(
    (one) => one.name === reference || one.arn === reference,
  );
  const version = selector
    ? stored?.versions.find((one) => String(one.version) === selector)
    : stored?.versions.at(-1);
  if (stored && !version) {
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${reference}.`,
    );
  }
  return stored && version ? { stored, version } : undefined;
}

export function parameterNotFound(name: string | undefined): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
}

/** The value as it is shown: a SecureString stays encrypted unless its decryption is asked for. */
export function shownValue(state: SsmState, version: ParameterVersion, withDecryption = false): string {
  if (version.type !== 'SecureString' || withDecryption) return version.value;
  const key = createHash('sha256').update(state.key).digest();
  const nonce = Buffer.from(state.context.random.hex(24), 'hex');
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const encrypted = [cipher.update(version.value, 'utf8'), cipher.final()];
  return Buffer.concat([nonce, ...encrypted, cipher.getAuthTag()]).toString('base64');
}
