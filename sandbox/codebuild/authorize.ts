import type { AuthorizationRequest, SandboxContext } from '#sandbox/core/service.ts';
import { projectArn } from './state.ts';

/**
 * Service Authorization Reference, "AWS CodeBuild": everything about a project or its builds is asked of the
 * project; giving a project its role needs iam:PassRole too.
 */
export function authorize(
  context: SandboxContext,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const action = `codebuild:${operation}`;
  const resources = projectsOf(input).map((name) => projectArn(context, name));
  const requests: AuthorizationRequest[] = [{ action, resources: resources.length > 0 ? resources : ['*'] }];
  const role = input.serviceRole ?? input.serviceRoleOverride;
  if (typeof role === 'string') {
    const conditions = { 'iam:passedtoservice': 'codebuild.amazonaws.com' };
    requests.push({ action: 'iam:PassRole', resources: [role], conditions });
  }
  return requests;
}

/** Named by themselves or by the ids (or ARNs) of their builds, PROJECT:UUID. */
function projectsOf(input: Record<string, unknown>): string[] {
  const named = (input.names ?? [input.name ?? input.projectName]) as (string | undefined)[];
  const builds = (input.ids ?? [input.id]) as (string | undefined)[];
  return [
    ...named.map((name) => name?.replace(/^arn:.*:project\//, '')),
    ...builds.map((id) => id?.replace(/^arn:.*:build\//, '').split(':')[0]),
  ].filter((name): name is string => name !== undefined);
}
