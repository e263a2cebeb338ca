import type { TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import type { Ecs } from '../state.ts';

/** A role of the task that does not exist, or does not trust ECS. */
export function unassumableRole(
  ecs: Ecs,
  definition: TaskDefinition,
  overrides: TaskOverride = {},
): string | undefined {
  const roles = [
    overrides.taskRoleArn ?? definition.taskRoleArn,
    overrides.executionRoleArn ?? definition.executionRoleArn,
  ];
  return roles.find((role) => role !== undefined && !isAssumable(ecs, role));
}

function isAssumable(ecs: Ecs, role: string): boolean {
  try {
    ecs.needs.iam.authorizeRole(role, [], 'ecs-tasks.amazonaws.com');
    return ecs.needs.iam.roleExists(role);
  } catch {
    return false;
  }
}

export function unableToAssume(role: string): string {
  return (
    `ECS was unable to assume the role '${role}' that was provided for this task. Please verify that the role ` +
    'being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.'
  );
}
