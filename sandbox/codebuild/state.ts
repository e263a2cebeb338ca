import type { Build, Project, ProjectArtifacts, StartBuildInput } from '@aws-sdk/client-codebuild';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

/** A build and what is needed to end it early. */
export interface BuildEntry {
  build: Build;
  abort: AbortController;
  /** Where its artifacts go. */
  artifacts: ProjectArtifacts;
}

export interface CodeBuildState {
  context: SandboxContext;
  projects: Map<string, Project>;
  /** By id (PROJECT:UUID), oldest first. */
  builds: Map<string, BuildEntry>;
  buildNumbers: Map<string, number>;
  /** StartBuild's idempotency tokens: what was asked and what was answered. */
  tokens: Map<string, { input: string; build: Build; expires: number }>;
  /** Throws ResourceNotFoundException. */
  project(name: string | undefined): Project;
  /** Takes a build up and runs it when its turn comes. */
  start(input: StartBuildInput, initiator: string, webhook?: WebhookTrigger): Build;
}

/** What a webhook build knows of the push that started it. */
export interface WebhookTrigger {
  headRef: string;
  actor: string;
  baseRef?: string;
  previousCommit: string;
}

export const projectArn = (context: SandboxContext, name: string): string =>
  arn(context, 'codebuild', `project/${name}`);

/** Accepts a project's name or its ARN, as the API does. */
export function findProject(state: Pick<CodeBuildState, 'projects' | 'context'>, nameOrArn = ''): Project {
  const name = nameOrArn.replace(/^arn:.*:project\//, '');
  const project = state.projects.get(name);
  if (project) return project;
  throw new AwsError(
    'ResourceNotFoundException',
    `Project cannot be found: ${projectArn(state.context, name)}`,
  );
}

export const invalidInput = (message: string): AwsError => new AwsError('InvalidInputException', message);
