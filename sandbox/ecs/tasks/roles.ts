import type { TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import type { Ecs } from '../state.ts';

/** A role that the task needs and that does not exist. */
export function missingRole(
  ecs: Ecs,
  definition: TaskDefinition,
  overrides: TaskOverride = {},
): string | undefined {
  const roles = [
    overrides.taskRoleArn ?? definition.taskRoleArn,
    overrides.executionRoleArn ?? definition.executionRoleArn,
  ];
  return roles.find((role) => role !== undefined && !ecs.needs.iam.roleExists(role));
}

export function unableToAssume(role: string): string {
  return (
    `ECS was unable to assume the role '${role}' that was provided for this task. Please verify that the role ` +
    'being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.'
  );
}
