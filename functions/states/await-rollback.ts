import { tableClaims } from '#lib/aws/claims.ts';
import { now } from '#lib/aws/clock.ts';
import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { createTasks } from '#lib/aws/ecs/tasks.ts';
import { createExecutions } from '#lib/aws/executions.ts';
import { createLook } from '#lib/aws/look.ts';
import { table } from '#lib/aws/table.ts';
import { createTaskLogs } from '#lib/aws/task-logs.ts';
import { createWaitState, extended } from '#lib/aws/wait-state.ts';
import { createWaits } from '#lib/aws/waits.ts';
import { required } from '#lib/deployment/document.ts';
import { forState } from '#lib/middleware/state.ts';

const waits = createWaits(table());
const look = createLook({
  tasks: createTasks(),
  services: createEcsServices(),
  logs: createTaskLogs(),
  executions: createExecutions(),
  waits,
  now,
});

/** Waits until the way back is the service's settled deployment, like any rollout. */
export const handler = forState(
  createWaitState('rollback', { claims: tableClaims(), waits, look, now }, (document, redrivenAt) => ({
    ...document,
    rollback: extended(
      required(document.rollback, 'rollback'),
      redrivenAt,
      document.settings.rollout.timeoutSeconds,
    ),
  })),
);
