import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { createTasks } from '#lib/aws/ecs/tasks.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { createExecutions } from '#lib/aws/states/executions.ts';
import { createWaits, type Wait } from '#lib/aws/table/waits.ts';
import { type DeploymentDocument, requireValue } from '#lib/deployment/document.ts';
import type { RolloutDecision } from '#lib/deployment/rollout/decision.ts';
import { serviceWaitKeyOf, taskWaitKeyOf } from '#lib/deployment/rollout/hints.ts';
import { decideMigration, STOP_REASON } from '#lib/deployment/rollout/migration.ts';
import { decideRollback, decideRollout } from '#lib/deployment/rollout/rollout.ts';
import { withLogTail } from './task-logs.ts';

const tasks = createTasks();
const services = createEcsServices();
const executions = createExecutions();
const waits = createWaits();

/**
 * Looks at what a wait waits for, and answers its token once that is decided. The waiting states and the events call
 * the very same function: an event is only a reason to look.
 */
export async function look(wait: Wait): Promise<void> {
  const { document, kind, taskToken } = wait;
  const decision =
    kind === 'migration' ? await lookAtMigration(document) : await lookAtRollout(document, kind);
  if (decision.verdict === 'progressing') return;
  if (decision.verdict === 'succeeded') await executions.succeed(taskToken, finishWait(document, kind));
  else await executions.fail(taskToken, await withLogTail(decision.error, document.settings));
  await waits.remove(waitKeyOf(wait), taskToken);
}

async function lookAtMigration(document: DeploymentDocument): Promise<RolloutDecision> {
  const { cluster } = document.settings;
  const migration = requireValue(document.migration, 'migration');
  const decision = decideMigration(
    await tasks.describe(cluster, migration.taskArn),
    migration.deadline,
    now(),
  );
  if (decision.verdict === 'overdue') {
    await tasks.stop(cluster, migration.taskArn, STOP_REASON);
    return { verdict: 'progressing' };
  }
  return decision;
}

async function lookAtRollout(document: DeploymentDocument, kind: 'rollout' | 'rollback') {
  const { cluster, service, rollout: settings } = document.settings;
  const [observed, stopped] = await Promise.all([
    services.observe(cluster, service),
    tasks.stoppedOf(cluster, service),
  ]);
  const decide = kind === 'rollout' ? decideRollout : decideRollback;
  return decide(observed, stopped, requireValue(document[kind], kind), settings, now());
}

/** What a wait is found by in the table. */
export function waitKeyOf({ document, kind }: Pick<Wait, 'document' | 'kind'>): string {
  const { cluster, service } = document.settings;
  if (kind === 'migration') return taskWaitKeyOf(requireValue(document.migration, 'migration').taskArn);
  return serviceWaitKeyOf(cluster, service);
}

/** The state's output once its wait is over. */
function finishWait(document: DeploymentDocument, kind: Wait['kind']): DeploymentDocument {
  if (kind === 'migration') {
    return {
      ...document,
      migration: { ...requireValue(document.migration, 'migration'), status: 'succeeded' },
    };
  }
  return kind === 'rollback' ? { ...document, rollbackDone: true } : document;
}
