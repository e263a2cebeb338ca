import { sleep } from '#sandbox/core/clock.ts';
import { deregisterTargets } from '../scheduler/balancing.ts';
import type { ContainerRecord, Ecs, StopRequest, TaskRecord } from '../state.ts';
import { changed, now } from './changed.ts';
import { move } from './lifecycle.ts';
import { closePorts } from './ports.ts';

/** Drains where the scheduler asked for it, stops the containers, gives everything back. */
export async function takeDown(ecs: Ecs, record: TaskRecord, request: StopRequest): Promise<void> {
  const { task } = record;
  await leaveBalancers(ecs, record, request);
  move(task, 'STOPPING');
  changed(ecs, record);
  await stopContainers(ecs, record);
  task.executionStoppedAt = now(ecs);
  if (record.address !== undefined) {
    move(task, 'DEPROVISIONING');
    changed(ecs, record);
    await sleep(ecs.context.clock, ecs.options.deprovisioningMilliseconds, ecs.closing.signal).catch(
      () => {},
    );
    for (const attachment of task.attachments ?? []) attachment.status = 'DELETED';
  }
  move(task, 'STOPPED');
  task.stoppedAt = now(ecs);
  changed(ecs, record);
}

/**
 * The scheduler waits for the drain before it stops a task; a task that ended by itself, or that StopTask ends,
 * is deregistered while it goes (aws/containers-roadmap issues 576 and 708).
 */
async function leaveBalancers(ecs: Ecs, record: TaskRecord, request: StopRequest): Promise<void> {
  if (record.registered.length === 0) return;
  const drained = deregisterTargets(ecs, record);
  if (!request.drain || ecs.closing.signal.aborted) return;
  move(record.task, 'DEACTIVATING');
  changed(ecs, record);
  await Promise.race([drained, closing(ecs)]);
}

/** Dependents first, the rest of the task at once. */
async function stopContainers(ecs: Ecs, record: TaskRecord): Promise<void> {
  const stops = new Map<ContainerRecord, Promise<void>>();
  const stop = (container: ContainerRecord): Promise<void> => {
    const existing = stops.get(container);
    if (existing) return existing;
    const dependents = record.containers.filter(({ definition }) =>
      definition.dependsOn?.some(({ containerName }) => containerName === container.definition.name),
    );
    const stopping = Promise.all(dependents.map(stop)).then(() => stopContainer(ecs, container));
    stops.set(container, stopping);
    return stopping;
  };
  await Promise.all(record.containers.map(stop));
}

async function stopContainer(ecs: Ecs, record: ContainerRecord): Promise<void> {
  const { container, definition, handle, exited, realPorts } = record;
  if (handle && container.lastStatus === 'RUNNING') {
    const grace = definition.stopTimeout === undefined ? undefined : definition.stopTimeout * 1000;
    const closed = ecs.closing.signal.aborted;
    await handle.stop(closed ? 0 : (grace ?? ecs.options.stopTimeoutMilliseconds));
    await exited.promise;
  }
  closePorts(ecs, realPorts);
  container.lastStatus = 'STOPPED';
}

function closing({ closing: { signal } }: Ecs): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
