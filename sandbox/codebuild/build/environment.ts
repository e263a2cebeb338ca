import type { Build, EnvironmentVariable } from '@aws-sdk/client-codebuild';
import { buildHostPath } from '#sandbox/build-host/install.ts';
import { npmEnvironment } from '#sandbox/build-host/npm.ts';
import { arn } from '#sandbox/core/arn.ts';
import type { Buildspec } from '../buildspec.ts';
import type { CodeBuildSurroundings } from '../needs.ts';
import type { WebhookTrigger } from '../state.ts';
import { PhaseError } from './phase-error.ts';

export interface BuildVariables {
  values: Record<string, string>;
  /** Values that never appear in the log. */
  secrets: string[];
}

/**
 * The environment of a build's commands. Nothing of this process's own environment is in it but where npm keeps
 * its cache: a build must not see the secrets of whoever runs the sandbox.
 */
export async function buildEnvironment(
  surroundings: CodeBuildSurroundings,
  build: Build,
  buildspec: Buildspec,
  folders: { source: string; home: string },
  webhook: WebhookTrigger | undefined,
): Promise<BuildVariables> {
  const { context, needs } = surroundings;
  const declared = await declaredVariables(surroundings, build, buildspec);
  const { serviceRole = '' } = build;
  const credentials = needs.iam.issueCredentials(serviceRole, `AWSCodeBuild-${build.id?.split(':')[1]}`);
  const values = {
    ...declared.values,
    ...codebuildVariables(build, folders.source, webhook),
    ...npmEnvironment(process.env),
    PATH: buildHostPath(context.directory),
    HOME: folders.home,
    LANG: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ENDPOINT_URL: context.endpoint(),
  };
  return { values, secrets: declared.secrets };
}

/** "Environment variables in build environments", CodeBuild user guide. */
function codebuildVariables(build: Build, source: string, webhook: WebhookTrigger | undefined) {
  return {
    CI: 'true',
    CODEBUILD_CI: 'true',
    CODEBUILD_BUILD_ARN: build.arn ?? '',
    CODEBUILD_BUILD_ID: build.id ?? '',
    CODEBUILD_BUILD_IMAGE: build.environment?.image ?? '',
    CODEBUILD_BUILD_NUMBER: String(build.buildNumber),
    CODEBUILD_BUILD_SUCCEEDING: '1',
    CODEBUILD_INITIATOR: build.initiator ?? '',
    CODEBUILD_KMS_KEY_ID: build.encryptionKey ?? '',
    CODEBUILD_LOG_PATH: build.logs?.streamName ?? '',
    CODEBUILD_PROJECT_ARN: build.arn?.replace(/:build\/(.*):.*$/, ':project/$1') ?? '',
    CODEBUILD_PUBLIC_BUILD_URL: '',
    CODEBUILD_RESOLVED_SOURCE_VERSION: build.resolvedSourceVersion ?? '',
    CODEBUILD_SOURCE_REPO_URL: build.source?.location ?? '',
    CODEBUILD_SOURCE_VERSION: build.sourceVersion ?? '',
    CODEBUILD_SRC_DIR: source,
    CODEBUILD_START_TIME: String(build.startTime?.getTime()),
    ...(webhook
      ? {
          CODEBUILD_WEBHOOK_ACTOR_ACCOUNT_ID: webhook.actor,
          CODEBUILD_WEBHOOK_EVENT: 'PUSH',
          CODEBUILD_WEBHOOK_HEAD_REF: webhook.headRef,
          CODEBUILD_WEBHOOK_PREV_COMMIT: webhook.previousCommit,
          CODEBUILD_WEBHOOK_TRIGGER: webhook.headRef
            .replace(/^refs\/heads\//, 'branch/')
            .replace(/^refs\/tags\//, 'tag/'),
        }
      : {}),
  };
}

/** Precedence, highest first: StartBuild's overrides, the project's (both in `build`), the buildspec's. */
async function declaredVariables(
  surroundings: CodeBuildSurroundings,
  build: Build,
  { env }: Buildspec,
): Promise<BuildVariables> {
  const ofType = (type: EnvironmentVariable['type'], variables: Record<string, string>) =>
    Object.entries(variables).map(([name, value]): EnvironmentVariable => ({ name, value, type }));
  const all = [
    ...ofType('PLAINTEXT', env.variables),
    ...ofType('PARAMETER_STORE', env['parameter-store']),
    ...ofType('SECRETS_MANAGER', env['secrets-manager']),
    ...(build.environment?.environmentVariables ?? []),
  ];
  const effective = new Map(all.map((variable) => [variable.name, variable]));
  const values: Record<string, string> = {};
  const secrets: string[] = [];
  for (const { name = '', value = '', type } of effective.values()) {
    if (type === undefined || type === 'PLAINTEXT') values[name] = value;
    else {
      values[name] = await resolve(surroundings, build.serviceRole ?? '', type, value);
      secrets.push(values[name]);
    }
  }
  return { values, secrets: secrets.filter((secret) => secret !== '') };
}

async function resolve(
  { context, needs }: CodeBuildSurroundings,
  role: string,
  type: string,
  reference: string,
): Promise<string> {
  try {
    if (type === 'PARAMETER_STORE') {
      const resources = [arn(context, 'ssm', `parameter/${reference.replace(/^\//, '')}`)];
      needs.iam.authorizeRole(role, [{ action: 'ssm:GetParameters', resources }]);
      const { Parameter } = await needs.calls.call('ssm', 'GetParameter', {
        Name: reference,
        WithDecryption: true,
      });
      return Parameter.Value;
    }
    return await secret({ context, needs }, role, reference);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = type === 'PARAMETER_STORE' ? 'Decrypted Variables Error' : 'Secrets Manager Error';
    throw new PhaseError(code, `${reference}: ${message}`);
  }
}

/** `SECRET-ID:JSON-KEY:VERSION-STAGE:VERSION-ID`, all but the first optional; the id may be an ARN. */
async function secret(
  { needs }: Pick<CodeBuildSurroundings, 'context' | 'needs'>,
  role: string,
  reference: string,
): Promise<string> {
  const [, SecretId = '', key = '', VersionStage, VersionId] =
    /^((?:arn:[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:)?[^:]*)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?$/.exec(
      reference,
    ) ?? [];
  const { ARN } = await needs.calls.call('secretsmanager', 'DescribeSecret', { SecretId });
  needs.iam.authorizeRole(role, [{ action: 'secretsmanager:GetSecretValue', resources: [ARN] }]);
  const version = { VersionStage: VersionStage || undefined, VersionId: VersionId || undefined };
  const { SecretString } = await needs.calls.call('secretsmanager', 'GetSecretValue', {
    SecretId,
    ...version,
  });
  if (key === '') return SecretString;
  const value: unknown = JSON.parse(SecretString)[key];
  if (value === undefined) throw new Error(`the secret has no key ${key}`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
