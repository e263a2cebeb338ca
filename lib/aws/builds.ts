import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  type BuildPhase as ReportedPhase,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { BuildObservation, BuildPhase } from '#lib/deployment/release/build.ts';
import { clientOf } from './sdk/clients.ts';
import { hasName } from './sdk/faults.ts';

export interface Builds {
  /** `project:uuid`; undefined where CodeBuild knows no such build, or none any more: it forgets them after a year. */
  get(id: string): Promise<BuildObservation | undefined>;
  /** The project's last few hundred builds that made something of commits that begin so, newest first. */
  ofCommit(project: string, commit: string): Promise<BuildObservation[]>;
  /** Starts a build of a ref. The same key within five minutes is the same build. */
  start(
    project: string,
    ref: string,
    options: { idempotencyToken: string; requestedBy: string },
  ): Promise<{ id: string; number: number }>;
}

/** The build carries it to the deployment that it starts. */
const REQUESTED_BY = 'LANDFALL_REQUESTED_BY';

/** Pages of a hundred builds that a search for a commit goes through. */
const MOST_PAGES = 5;

export function createBuilds(codebuild = clientOf(CodeBuildClient)): Builds {
  return {
    async get(id) {
      const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] })).catch(ignoreNoBuild);
      return builds?.[0] && observeBuild(builds[0]);
    },

    async ofCommit(projectName, commit) {
      const found: BuildObservation[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const list = await codebuild
          .send(new ListBuildsForProjectCommand({ projectName, sortOrder: 'DESCENDING', nextToken }))
          .catch(ignoreNoProject);
        if (list.ids === undefined || list.ids.length === 0) break;
        const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: list.ids }));
        found.push(...(builds ?? []).map(observeBuild));
        nextToken = list.nextToken;
        if (nextToken === undefined) break;
      }
      const hasRelease = (build: BuildObservation) =>
        build.status === 'SUCCEEDED' && build.artifacts !== undefined;
      return found
        .filter((build) => hasRelease(build) && build.commit?.startsWith(commit))
        .sort((one, other) => other.number - one.number);
    },

    async start(projectName, sourceVersion, { idempotencyToken, requestedBy }) {
      try {
        const environmentVariablesOverride = [{ name: REQUESTED_BY, value: requestedBy }];
        const { build } = await codebuild.send(
          new StartBuildCommand({
            projectName,
            sourceVersion,
            idempotencyToken,
            environmentVariablesOverride,
          }),
        );
        return { id: build?.id ?? '', number: build?.buildNumber ?? 0 };
      } catch (error) {
        if (!hasName(error, 'ResourceNotFoundException', 'InvalidInputException')) throw error;
        throw new DeploymentError(
          'InvalidRequest',
          `CodeBuild refused to build ${sourceVersion}: ${(error as Error).message.replace(/\.$/, '')}`,
          { remedy: 'name a branch, tag or commit that the repository has' },
        );
      }
    },
  };
}

/** A service without a source has no project, and so no builds. */
function ignoreNoProject(error: unknown): { ids?: string[]; nextToken?: string } {
  if (hasName(error, 'ResourceNotFoundException')) return {};
  throw error;
}

/** What cannot be the id of a build is none. */
function ignoreNoBuild(error: unknown): { builds?: Build[] } {
  if (hasName(error, 'InvalidInputException')) return {};
  throw error;
}

function observeBuild(build: Build): BuildObservation {
  const requestedBy = build.environment?.environmentVariables?.find(
    (each) => each.name === REQUESTED_BY,
  )?.value;
  return {
    id: build.id ?? '',
    number: build.buildNumber ?? 0,
    startedAt: build.startTime?.getTime() ?? 0,
    project: build.projectName ?? '',
    status: build.buildStatus ?? 'IN_PROGRESS',
    endedAt: build.endTime?.getTime(),
    ref: build.sourceVersion || undefined,
    exported: Object.fromEntries(
      (build.exportedEnvironmentVariables ?? []).map((each) => [each.name ?? '', each.value ?? '']),
    ),
    commit: build.resolvedSourceVersion,
    artifacts: locationOf(build.artifacts?.location),
    phases: (build.phases ?? []).flatMap(phasesOf),
    log: build.logs && logOf(build.logs),
    initiator: build.initiator,
    requestedBy,
  };
}

/** COMPLETED is no phase: CodeBuild appends it to what is over, and it never ends. */
function phasesOf({ phaseType, phaseStatus, startTime, endTime, contexts }: ReportedPhase): BuildPhase[] {
  if (phaseType === undefined || phaseType === 'COMPLETED' || startTime === undefined) return [];
  const message = contexts
    ?.map((each) => each.message)
    .filter(Boolean)
    .join(', ');
  return [
    {
      phase: phaseType,
      startedAt: startTime.getTime(),
      endedAt: endTime?.getTime(),
      status: endTime && (phaseStatus ?? 'SUCCEEDED'),
      message: message || undefined,
    },
  ];
}

const logOf = ({
  deepLink,
  groupName: logGroupName,
  streamName: logStreamName,
}: NonNullable<Build['logs']>) => ({
  address: deepLink,
  stream:
    logGroupName === undefined || logStreamName === undefined ? undefined : { logGroupName, logStreamName },
});

/** `arn:aws:s3:::bucket/prefix` → bucket and prefix. */
function locationOf(location: string | undefined): { bucket: string; prefix: string } | undefined {
  if (location === undefined) return undefined;
  const [bucket = '', ...rest] = location.replace(/^arn:[^:]*:s3:::/, '').split('/');
  return { bucket, prefix: rest.join('/') };
}
