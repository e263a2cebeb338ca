import type {
  BatchGetBuildsInput,
  BatchGetBuildsOutput,
  ListBuildsForProjectInput,
  ListBuildsForProjectOutput,
  ListBuildsInput,
  ListBuildsOutput,
  StopBuildInput,
  StopBuildOutput,
} from '@aws-sdk/client-codebuild';
import { AwsError } from '#sandbox/core/errors.ts';
import { stopped } from '../build/phase-error.ts';
import { page } from '../paging.ts';
import type { BuildEntry, CodeBuildState } from '../state.ts';

export function batchGetBuilds(state: CodeBuildState) {
  return ({ ids = [] }: BatchGetBuildsInput): BatchGetBuildsOutput => ({
    builds: ids.flatMap((id) => find(state, id)?.build ?? []),
    buildsNotFound: ids.filter((id) => !find(state, id)),
  });
}

export function stopBuild(state: CodeBuildState) {
  return ({ id = '' }: StopBuildInput): StopBuildOutput => {
    const entry = find(state, id);
    if (!entry) throw new AwsError('ResourceNotFoundException', `Build cannot be found: ${id}`);
    // Stopping a build that has ended changes nothing.
    if (!entry.build.buildComplete) entry.abort.abort(stopped());
    return { build: entry.build };
  };
}

/** Newest first, unless asked otherwise. */
export function listBuilds(state: CodeBuildState) {
  return (input: ListBuildsInput): ListBuildsOutput => list(state, input, () => true);
}

export function listBuildsForProject(state: CodeBuildState) {
  return (input: ListBuildsForProjectInput): ListBuildsForProjectOutput => {
    const { name } = state.project(input.projectName);
    return list(state, input, ({ build }) => build.projectName === name);
  };
}

function list(state: CodeBuildState, input: ListBuildsInput, wanted: (entry: BuildEntry) => boolean) {
  const ids = [...state.builds].filter(([, entry]) => wanted(entry)).map(([id]) => id);
  if (input.sortOrder !== 'ASCENDING') ids.reverse();
  const { items, nextToken } = page(ids, input.nextToken);
  return { ids: items, nextToken };
}

/** By id or ARN. */
const find = (state: CodeBuildState, id: string) => state.builds.get(id.replace(/^arn:.*:build\//, ''));
