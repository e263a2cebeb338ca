import * as z from 'zod';
import type { DeploymentDocument, Release } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { LogStream } from '#lib/deployment/log-stream.ts';
import { namePushExecution } from '#lib/deployment/naming.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { describeRelease, type ReleaseFile, repositoryOf } from './release.ts';

/** What CodeBuild says of a build as a whole. */
export const BuildStatus = z.enum(['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT']);
export type BuildStatus = z.infer<typeof BuildStatus>;

/** A build as BatchGetBuilds returns it; the event about it is only a hint. Times are epoch milliseconds. */
export interface BuildObservation {
  /** `project:uuid` */
  id: string;
  number: number;
  project: string;
  status: BuildStatus;
  startedAt: number;
  endedAt?: number;
  /** What was to be built: a branch, tag or commit. */
  ref?: string;
  /** What that turned out to be. */
  commit?: string;
  /** Variables that the buildspec exports. */
  exported: Record<string, string>;
  artifacts?: { bucket: string; prefix: string };
  /** In the order in which they were entered, the last one open while the build runs. */
  phases: BuildPhase[];
  /** `stream` is absent where it writes none to CloudWatch Logs. */
  log?: { address?: string; stream?: LogStream };
  /** Who asked for it through the API. */
  requestedBy?: string;
  /** Whoever else made CodeBuild build: a code host's webhook, a user. */
  initiator?: string;
}

export interface BuildPhase {
  phase: string;
  /** Absent while it runs. */
  status?: string;
  startedAt: number;
  endedAt?: number;
  /** What CodeBuild says of one that failed. */
  message?: string;
}

/** A "CodeBuild Build State Change" about a build that is over. Only a hint: BatchGetBuilds is the authority. */
export const BuildStateChange = z.object({
  'detail-type': z.literal('CodeBuild Build State Change'),
  detail: z.object({
    'build-status': BuildStatus.exclude(['IN_PROGRESS']),
    'project-name': z.string().min(1),
    'build-id': z.string().regex(/:build\/[^/]+$/, 'an ARN of a build'),
  }),
});
export type BuildStateChange = z.infer<typeof BuildStateChange>;

/** `arn:…:build/project:uuid` → `project:uuid`, as BatchGetBuilds takes it. */
export const buildIdOf = (event: BuildStateChange) => event.detail['build-id'].split(':build/').at(-1) ?? '';

/** Which service a build project builds for: its name is the prefix and the service. Fails with InvalidEvent. */
export function serviceOfProject(project: string, prefix: string): string {
  if (!project.startsWith(prefix)) {
    throw new DeploymentError(
      'InvalidEvent',
      `the build project ${project} is none of this installation's (${prefix}*)`,
    );
  }
  return project.slice(prefix.length);
}

/** Whether a build's id is one of this project: `project:uuid`. */
export const isBuildOf = (project: string, id: string) =>
  id.startsWith(`${project}:`) && /^[\w-]{1,64}$/.test(id.slice(project.length + 1));

/** Whether it is over and started nothing. */
export const hasFailed = ({ status }: Pick<BuildObservation, 'status'>) =>
  status !== 'IN_PROGRESS' && status !== 'SUCCEEDED';

/** The phase that failed a build, in words. */
export function describeFailedPhase({ phases }: Pick<BuildObservation, 'phases'>): string | undefined {
  const failed = phases.find(({ status }) => status !== undefined && status !== 'SUCCEEDED');
  return failed && `${failed.phase} ${failed.status}${failed.message ? `: ${failed.message}` : ''}`;
}

/** What CodeBuild's own agent says begins so; its sentence on a multi-line command may go on in further lines. */
const AGENT = '[Container] ';
const GAVE_UP = /^Command did not exit successfully |^Phase complete: \w+ State: (?!SUCCEEDED)/;

/**
 * The last lines that the commands of a failed build wrote, from the end of its log: what comes before CodeBuild says
 * that one of them failed, which repeats the whole command; without blank lines. Where no command wrote any, there are none.
 */
export function lastOutputOf(log: string[], count: number): string[] {
  const lines = log.flatMap((event) => event.trimEnd().split('\n'));
  const end = lines.findIndex(
    (line) => line.startsWith(AGENT) && GAVE_UP.test(line.replace(/^\S+ \S+ \S+ /, '')),
  );
  const before = end === -1 ? lines : lines.slice(0, end);
  return before.filter((line) => line.trim() !== '' && !line.startsWith(AGENT)).slice(-count);
}

/**
 * The deployment that a build that succeeded starts; undefined before it knows its commit. COMMIT is what buildspec.yml
 * writes into release.json, which documentOfBuild names the deployment after.
 */
export function deploymentOfBuild(
  service: string,
  { id, number, startedAt, exported, status }: BuildObservation,
): string | undefined {
  const { COMMIT: commit, IMAGE_DIGEST: digest = '' } = exported;
  if (status !== 'SUCCEEDED' || !commit) return undefined;
  return namePushExecution(service, { commit, digest, build: { id, number, startedAt } });
}

/** The deployment that a finished build starts. Nothing in it changes when the event arrives again. */
export function documentOfBuild(
  service: string,
  settings: ServiceSettings,
  build: { id: string; number: number; startedAt: number; requestedBy?: string },
  bundle: { bucket: string; prefix: string },
  file: ReleaseFile,
): DeploymentDocument {
  if (file.service !== service) {
    throw new DeploymentError(
      'BundleUnreadable',
      `release.json of ${build.id} is about ${file.service}, not about ${service}`,
    );
  }
  const release: Release = {
    image: repositoryOf(file.image),
    ...describeRelease(file),
    build: { id: build.id, number: build.number, startedAt: build.startedAt },
    bundle,
  };
  // Who asked for the build through the API, else who wrote the commit.
  const requestedBy = build.requestedBy ?? file.author;
  return {
    deployment: namePushExecution(service, release),
    service,
    settings,
    trigger: {
      kind: build.requestedBy === undefined ? 'push' : 'ref',
      requestedBy: requestedBy || undefined,
    },
    release,
  };
}
