import type {
  BatchGetProjectsInput,
  BatchGetProjectsOutput,
  DeleteProjectInput,
  ListProjectsInput,
  ListProjectsOutput,
} from '@aws-sdk/client-codebuild';
import { page } from '../paging.ts';
import type { CodeBuildState } from '../state.ts';

export function batchGetProjects({ projects }: CodeBuildState) {
  return ({ names = [] }: BatchGetProjectsInput): BatchGetProjectsOutput => ({
    projects: names.flatMap((name) => projects.get(plain(name)) ?? []),
    projectsNotFound: names.filter((name) => !projects.has(plain(name))),
  });
}

export function listProjects({ projects }: CodeBuildState) {
  return (input: ListProjectsInput): ListProjectsOutput => {
    const names = [...projects.keys()].sort();
    if (input.sortOrder === 'DESCENDING') names.reverse();
    const { items, nextToken } = page(names, input.nextToken);
    return { projects: items, nextToken };
  };
}

/** Deleting a project that does not exist is no error, as in CodeBuild. Its builds stay. */
export function deleteProject({ projects }: CodeBuildState) {
  return ({ name = '' }: DeleteProjectInput) => {
    projects.delete(plain(name));
    return {};
  };
}

const plain = (nameOrArn: string) => nameOrArn.replace(/^arn:.*:project\//, '');
