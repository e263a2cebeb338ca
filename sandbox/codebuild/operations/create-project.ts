import type {
  CreateProjectInput,
  CreateProjectOutput,
  Project,
  UpdateProjectInput,
  UpdateProjectOutput,
} from '@aws-sdk/client-codebuild';
import { AwsError } from '#sandbox/core/errors.ts';
import { type CodeBuildState, invalidInput, projectArn } from '../state.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9\-_]{1,254}$/;
const GIT_SOURCES = [
  'GITHUB',
  'GITHUB_ENTERPRISE',
  'BITBUCKET',
  'GITLAB',
  'GITLAB_SELF_MANAGED',
  'CODECOMMIT',
];

export function createProject(state: CodeBuildState) {
  return (input: CreateProjectInput): CreateProjectOutput => {
    const name = input.name ?? '';
    if (!NAME.test(name)) throw invalidInput(`Project name is not valid: ${name}`);
    if (state.projects.has(name)) {
      throw new AwsError(
        'ResourceAlreadyExistsException',
        `Project already exists: ${projectArn(state.context, name)}`,
      );
    }
    check(input);
    const created = new Date(state.context.clock.now());
    const project: Project = {
      ...defaults(),
      ...input,
      arn: projectArn(state.context, name),
      created,
      lastModified: created,
    };
    state.projects.set(name, project);
    return { project };
  };
}

export function updateProject(state: CodeBuildState) {
  return (input: UpdateProjectInput): UpdateProjectOutput => {
    const project = state.project(input.name);
    check({ ...project, ...input });
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    Object.assign(project, given, { name: project.name, lastModified: new Date(state.context.clock.now()) });
    return { project };
  };
}

const defaults = () => ({
  timeoutInMinutes: 60,
  queuedTimeoutInMinutes: 480,
  cache: { type: 'NO_CACHE' as const },
  badge: { badgeEnabled: false },
});

/** What a build here cannot do is refused when the project is made, not when the first build fails. */
function check({ source, artifacts, environment, serviceRole }: Project | CreateProjectInput): void {
  if (!serviceRole) throw invalidInput('Project service role is required');
  if (!environment?.type?.startsWith('LINUX') && environment?.type !== 'ARM_CONTAINER') {
    throw invalidInput(`Environment type ${environment?.type} is not supported by the sandbox`);
  }
  if (source?.type === 'NO_SOURCE') {
    if (!source.buildspec) throw invalidInput('Buildspec is required when source type is NO_SOURCE');
  } else if (!GIT_SOURCES.includes(source?.type ?? '')) {
    throw invalidInput(`Source type ${source?.type} is not supported by the sandbox`);
  } else if (!source?.location) throw invalidInput('Project source location is required');
  if (artifacts?.type === 'S3' && !artifacts.location)
    throw invalidInput('Invalid artifacts: location is required');
  if (artifacts?.type === 'CODEPIPELINE')
    throw invalidInput('Artifacts type CODEPIPELINE is not supported by the sandbox');
}
