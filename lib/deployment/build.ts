import * as z from 'zod';
import type { DeploymentDocument, Release } from './document.ts';
import { DeploymentError } from './errors.ts';
import { pushExecutionName } from './naming.ts';
import { describedRelease, type ReleaseFile, repositoryOf } from './release.ts';
import type { ServiceSettings } from './settings.ts';

/** A "CodeBuild Build State Change" about a build that is over. Only a hint: BatchGetBuilds is the authority. */
export const BuildEnded = z.object({
  'detail-type': z.literal('CodeBuild Build State Change'),
  detail: z.object({
    'build-status': z.enum(['SUCCEEDED', 'FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT']),
    'project-name': z.string().min(1),
    'build-id': z.string().regex(/:build\/[^/]+$/, 'an ARN of a build'),
  }),
});
export type BuildEnded = z.infer<typeof BuildEnded>;

/** `arn:…:build/project:uuid` → `project:uuid`, as BatchGetBuilds takes it. */
export const buildIdOf = (event: BuildEnded) => event.detail['build-id'].split(':build/').at(-1) ?? '';

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

/** The deployment that a finished build starts. Nothing in it changes when the event arrives again. */
export function documentOfBuild(
  service: string,
  settings: ServiceSettings,
  build: { id: string; number: number; startedAt: number; startedBy?: string },
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
    ...describedRelease(file),
    build: { id: build.id, number: build.number, startedAt: build.startedAt },
    bundle,
  };
  // Who asked for the build through the API, else who wrote the commit.
  const by = build.startedBy ?? file.author;
  return {
    deployment: pushExecutionName(service, release),
    service,
    settings,
    trigger: { kind: 'push', ...(by ? { by } : {}) },
    release,
  };
}
