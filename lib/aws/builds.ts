import { BatchGetBuildsCommand, CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { client } from './clients.ts';
import { hasName } from './faults.ts';

/** A build as BatchGetBuilds tells it; the event about it is only a hint. */
export interface BuildObservation {
  id: string;
  number: number;
  project: string;
  status: string;
  commit?: string;
  /** Variables that the buildspec exports. */
  exported: Record<string, string>;
  artifacts?: { bucket: string; prefix: string };
  logs?: string;
  initiator?: string;
  /** The phase that failed, with its message. */
  failure?: string;
}

export interface Builds {
  get(id: string): Promise<BuildObservation | undefined>;
  /** Starts a build of a ref. The same key within five minutes is the same build. */
  start(project: string, ref: string, idempotencyToken: string): Promise<{ id: string; number: number }>;
}

export function createBuilds(codebuild = client(CodeBuildClient)): Builds {
  return {
    async get(id) {
      const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
      const build = builds?.[0];
      if (build === undefined) return undefined;
      const failed = build.phases?.find(
        (phase) => phase.phaseStatus !== undefined && phase.phaseStatus !== 'SUCCEEDED',
      );
      const context = failed?.contexts
        ?.map((each) => each.message)
        .filter(Boolean)
        .join(', ');
      return {
        id: build.id ?? id,
        number: build.buildNumber ?? 0,
        project: build.projectName ?? '',
        status: build.buildStatus ?? 'UNKNOWN',
        exported: Object.fromEntries(
          (build.exportedEnvironmentVariables ?? []).map((each) => [each.name ?? '', each.value ?? '']),
        ),
        ...(build.resolvedSourceVersion === undefined ? {} : { commit: build.resolvedSourceVersion }),
        ...(build.artifacts?.location === undefined
          ? {}
          : { artifacts: locationOf(build.artifacts.location) }),
        ...(build.logs?.deepLink === undefined ? {} : { logs: build.logs.deepLink }),
        ...(build.initiator === undefined ? {} : { initiator: build.initiator }),
        ...(failed === undefined
          ? {}
          : { failure: `${failed.phaseType} ${failed.phaseStatus}${context ? `: ${context}` : ''}` }),
      };
    },

    async start(projectName, sourceVersion, idempotencyToken) {
      try {
        const { build } = await codebuild.send(
          new StartBuildCommand({ projectName, sourceVersion, idempotencyToken }),
        );
        return { id: build?.id ?? '', number: build?.buildNumber ?? 0 };
      } catch (error) {
        if (!hasName(error, 'ResourceNotFoundException', 'InvalidInputException')) throw error;
        throw new DeploymentError(
          'InvalidRequest',
          `CodeBuild refused to build ${sourceVersion}: ${(error as Error).message.replace(/\.$/, '')}`,
        );
      }
    },
  };
}

/** `arn:aws:s3:::bucket/prefix` → bucket and prefix. */
function locationOf(location: string): { bucket: string; prefix: string } {
  const [bucket = '', ...rest] = location.replace(/^arn:[^:]*:s3:::/, '').split('/');
  return { bucket, prefix: rest.join('/') };
}
