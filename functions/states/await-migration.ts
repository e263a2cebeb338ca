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

/** Waits until the migration task has stopped and every essential container exited 0. */
export const handler = forState(
  createWaitState('migration', { claims: tableClaims(), waits, look, now }, (document, redrivenAt) => ({
    ...document,
    migration: extended(
      required(document.migration, 'migration'),
      redrivenAt,
      required(document.settings.migration, 'settings.migration').timeoutSeconds,
    ),
  })),
);
