import { sleep } from '#sandbox/core/clock.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { registerTargets } from '../scheduler/balancing.ts';
import type { Ecs, TaskRecord } from '../state.ts';
import { changed, now } from './changed.ts';
import { move } from './lifecycle.ts';
import { pullImages } from './pull.ts';
import { resolveSecrets } from './secrets.ts';
import { startContainers } from './start-containers.ts';
import { requestStop } from './stop.ts';
import { takeDown } from './take-down.ts';

/** A task's whole life: bring it up, wait until something asks it to stop, take it down. */
export async function runTask(ecs: Ecs, record: TaskRecord): Promise<void> {
  const start = bringUp(ecs, record).catch((error: Error) => failToStart(ecs, record, error));
  const request = await record.stopRequested.promise;
  await start;
  await takeDown(ecs, record, request);
}

async function bringUp(ecs: Ecs, record: TaskRecord): Promise<void> {
  const { task, starting } = record;
  const pause = (milliseconds: number) => sleep(ecs.context.clock, milliseconds, starting.signal);
  if (task.lastStatus === 'PROVISIONING') {
    await pause(ecs.options.provisioningMilliseconds);
    for (const attachment of task.attachments ?? []) attachment.status = 'ATTACHED';
    move(task, 'PENDING');
    changed(ecs, record);
  }
  const secrets = resolveSecrets(ecs, record);
  task.pullStartedAt = now(ecs);
  await pause(ecs.options.pullMilliseconds);
  const images = pullImages(ecs, record);
  task.pullStoppedAt = now(ecs);
  await startContainers(ecs, record, images, secrets);
  if (record.stopRequest) return;
  if (record.loadBalancers.length > 0) {
    move(task, 'ACTIVATING');
    changed(ecs, record);
    registerTargets(ecs, record);
  }
  move(task, 'RUNNING');
  task.startedAt = now(ecs);
  record.wasRunning = true;
  changed(ecs, record);
}

/** What a start that failed looks like from outside: containers without an exit code, and the reason in words. */
function failToStart(ecs: Ecs, record: TaskRecord, error: Error): void {
  if (record.stopRequest) return;
  if (!(error instanceof AwsError)) ecs.context.debug(`ECS task ${record.id}: ${error.stack}`);
  requestStop(ecs, record, { code: 'TaskFailedToStart', reason: error.message });
}
