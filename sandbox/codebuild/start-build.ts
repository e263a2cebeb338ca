import type { Build, EnvironmentVariable, Project, StartBuildInput } from '@aws-sdk/client-codebuild';
import { arn } from '#sandbox/core/arn.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

/** A build as it begins: the project's settings with what StartBuild overrides. */
export function newBuild(
  context: SandboxContext,
  project: Project,
  input: StartBuildInput,
  initiator: string,
  buildNumber: number,
): Build {
  const uuid = context.random.uuid();
  const projectName = project.name ?? '';
  const id = `${projectName}:${uuid}`;
  const { source, environment } = project;
  return {
    id,
    arn: arn(context, 'codebuild', `build/${id}`),
    buildNumber,
    projectName,
    startTime: new Date(context.clock.now()),
    currentPhase: 'SUBMITTED',
    buildStatus: 'IN_PROGRESS',
    buildComplete: false,
    initiator,
    sourceVersion: input.sourceVersion ?? project.sourceVersion,
    source: source && {
      ...source,
      type: input.sourceTypeOverride ?? source.type,
      location: input.sourceLocationOverride ?? source.location,
      buildspec: input.buildspecOverride ?? source.buildspec,
    },
    artifacts: {
      overrideArtifactName: project.artifacts?.overrideArtifactName,
      encryptionDisabled: project.artifacts?.encryptionDisabled,
    },
    cache: project.cache,
    environment: environment && {
      ...environment,
      image: input.imageOverride ?? environment.image,
      privilegedMode: input.privilegedModeOverride ?? environment.privilegedMode,
      environmentVariables: merge(environment.environmentVariables, input.environmentVariablesOverride),
    },
    serviceRole: input.serviceRoleOverride ?? project.serviceRole,
    timeoutInMinutes: input.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    queuedTimeoutInMinutes: input.queuedTimeoutInMinutesOverride ?? project.queuedTimeoutInMinutes,
    encryptionKey: project.encryptionKey,
    logs: logsOf(context, project, uuid),
    phases: [],
  };
}

function merge(
  project: EnvironmentVariable[] = [],
  overrides: EnvironmentVariable[] = [],
): EnvironmentVariable[] {
  const overridden = new Set(overrides.map(({ name }) => name));
  return [...project.filter(({ name }) => !overridden.has(name)), ...overrides];
}

function logsOf(context: SandboxContext, project: Project, uuid: string): Build['logs'] {
  const configured = project.logsConfig?.cloudWatchLogs;
  const groupName = configured?.groupName ?? `/aws/codebuild/${project.name}`;
  const streamName = configured?.streamName ? `${configured.streamName}/${uuid}` : uuid;
  // The console's own double encoding: % of a percent-encoded name becomes $25.
  const encode = (name: string) => encodeURIComponent(name).replace(/%/g, '$25');
  const console = `https://console.aws.amazon.com/cloudwatch/home?region=${context.region}#logsV2:log-groups`;
  return {
    groupName,
    streamName,
    deepLink: `${console}/log-group/${encode(groupName)}/log-events/${encode(streamName)}`,
    cloudWatchLogsArn: arn(context, 'logs', `log-group:${groupName}:log-stream:${streamName}`),
    cloudWatchLogs: {
      status: 'ENABLED',
      groupName: configured?.groupName,
      streamName: configured?.streamName,
    },
  };
}
