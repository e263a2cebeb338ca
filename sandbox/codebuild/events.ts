import type { Build, BuildPhase, PhaseContext } from '@aws-sdk/client-codebuild';
import type { SandboxContext } from '#sandbox/core/service.ts';

/** `Sep 1, 2017 4:12:29 PM`: how CodeBuild writes times into its events, in UTC. */
function eventTime(date: Date | undefined): string | undefined {
  return date
    ?.toLocaleString('en-US', { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'medium' })
    .replace(/\u202f/g, ' ');
}

/** "CodeBuild Build State Change": when a build begins to run and when it has ended. */
export function emitStateChange(context: SandboxContext, build: Build): void {
  context.emit({
    source: 'aws.codebuild',
    'detail-type': 'CodeBuild Build State Change',
    resources: [build.arn ?? ''],
    detail: {
      'build-status': build.buildStatus,
      'project-name': build.projectName,
      'build-id': build.arn,
      'additional-information': additionalInformation(build),
      'current-phase': build.currentPhase,
      'current-phase-context': `[${failuresOf(build.phases?.at(-1))?.join(', ') ?? ''}]`,
      version: '1',
    },
  });
}

/** "CodeBuild Build Phase Change": after each phase. */
export function emitPhaseChange(context: SandboxContext, build: Build, phase: BuildPhase): void {
  context.emit({
    source: 'aws.codebuild',
    'detail-type': 'CodeBuild Build Phase Change',
    resources: [build.arn ?? ''],
    detail: {
      'completed-phase': phase.phaseType,
      'completed-phase-status': phase.phaseStatus,
      'completed-phase-start': eventTime(phase.startTime),
      'completed-phase-end': eventTime(phase.endTime),
      'completed-phase-duration-seconds': phase.durationInSeconds,
      'completed-phase-context': `[${(phase.contexts ?? []).map(inWords).join(', ')}]`,
      'project-name': build.projectName,
      'build-id': build.arn,
      'additional-information': additionalInformation(build),
      version: '1',
    },
  });
}

function additionalInformation(build: Build) {
  const { environment, source, logs, artifacts } = build;
  return {
    ...(artifacts?.location
      ? {
          artifact: {
            md5sum: artifacts.md5sum,
            sha256sum: artifacts.sha256sum,
            location: artifacts.location,
          },
        }
      : {}),
    environment: {
      image: environment?.image,
      'privileged-mode': environment?.privilegedMode ?? false,
      'compute-type': environment?.computeType,
      type: environment?.type,
      'image-pull-credentials-type': environment?.imagePullCredentialsType ?? 'CODEBUILD',
      'environment-variables': environment?.environmentVariables ?? [],
    },
    'timeout-in-minutes': build.timeoutInMinutes,
    'build-complete': build.buildComplete,
    initiator: build.initiator,
    'build-start-time': eventTime(build.startTime),
    source: {
      'report-build-status': source?.reportBuildStatus ?? false,
      buildspec: source?.buildspec,
      location: source?.location,
      type: source?.type,
    },
    'source-version': build.sourceVersion,
    logs: { 'group-name': logs?.groupName, 'stream-name': logs?.streamName, 'deep-link': logs?.deepLink },
    phases: build.phases?.map((phase) => ({
      'phase-context': failuresOf(phase),
      'start-time': eventTime(phase.startTime),
      'end-time': eventTime(phase.endTime),
      'duration-in-seconds': phase.durationInSeconds,
      'phase-type': phase.phaseType,
      'phase-status': phase.phaseStatus,
    })),
    cache: { type: 'NO_CACHE' },
    'build-number': build.buildNumber,
    'queued-timeout-in-minutes': build.queuedTimeoutInMinutes,
    'exported-environment-variables': build.exportedEnvironmentVariables,
  };
}

/** None for a phase that succeeded or is not over, `COMMAND_EXECUTION_ERROR: Error while …` for one that failed. */
function failuresOf(phase: BuildPhase | undefined): string[] | undefined {
  return phase?.contexts?.filter(({ statusCode, message }) => statusCode || message).map(inWords);
}

const inWords = ({ statusCode = '', message = '' }: PhaseContext) => `${statusCode}: ${message}`;
