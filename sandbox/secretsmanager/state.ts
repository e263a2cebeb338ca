import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

export interface SecretVersion {
  id: string;
  createdAt: Date;
  text?: string;
  binary?: Uint8Array;
  stages: Set<string>;
}

export interface Secret {
  arn: string;
  name: string;
  description?: string;
  createdAt: Date;
  changedAt: Date;
  /** Marked for deletion: unreadable until restored or gone. */
  deletedAt?: Date;
  versions: Map<string, SecretVersion>;
  tags: Map<string, string>;
}

export interface SecretsState {
  context: SandboxContext;
  secrets: Map<string, Secret>;
}

/** By name, by ARN, or by an ARN without the six random characters that Secrets Manager puts behind the name. */
export function findSecret(state: SecretsState, id: string | undefined): Secret {
  const secret = [...state.secrets.values()].find(
    (one) => one.name === id || one.arn === id || one.arn.slice(0, -7) === id,
  );
  if (secret) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

export function requireLive(secret: Secret): void {
  if (!secret.deletedAt) return;
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

/** A version by id or stage; AWSCURRENT where neither is named. */
export function findVersion(
  secret: Secret,
  id: string | undefined,
  stage: string | undefined,
): SecretVersion {
  const label = stage ?? (id ? undefined : 'AWSCURRENT');
  const version = [...secret.versions.values()].find(
    (one) => (!id || one.id === id) && (!label || one.stages.has(label)),
  );
  if (version) return version;
  const what = id ? `VersionId: ${id}` : `staging label: ${label}`;
  throw new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );
}

/** Adds a version and moves AWSCURRENT to it; what was current becomes AWSPREVIOUS. */
export function addVersion(
  state: SecretsState,
  secret: Secret,
  value: { text?: string | undefined; binary?: Uint8Array | undefined; id?: string | undefined },
  stages: string[] = ['AWSCURRENT'],
): SecretVersion {
  if (value.text !== undefined && value.binary !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const id = value.id ?? state.context.random.uuid();
  const known = secret.versions.get(id);
  if (known && known.text === value.text) return known;
  if (known) {
    throw new AwsError(
      'ResourceExistsException',
      "You can't use ClientRequestToken because that value is already in use for a version of this secret.",
    );
  }
  const current = [...secret.versions.values()].find((version) => version.stages.has('AWSCURRENT'));
  for (const version of secret.versions.values()) {
    for (const stage of stages) version.stages.delete(stage);
    if (stages.includes('AWSCURRENT')) version.stages.delete('AWSPREVIOUS');
  }
  if (stages.includes('AWSCURRENT')) current?.stages.add('AWSPREVIOUS');
  const version: SecretVersion = {
    id,
    createdAt: new Date(state.context.clock.now()),
    ...(value.text !== undefined && { text: value.text }),
    ...(value.binary !== undefined && { binary: value.binary }),
    stages: new Set(stages),
  };
  secret.versions.set(id, version);
  secret.changedAt = version.createdAt;
  return version;
}
