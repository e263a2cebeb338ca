import type { ContainerExit } from '#sandbox/containers/runtime.ts';
import type { ContainerRecord, Ecs, TaskRecord } from '../state.ts';
import { changed } from './changed.ts';
import { closePorts } from './ports.ts';
import { requestStop } from './stop.ts';

/** A container has ended: noted with its exit code, and the end of the task where it was essential. */
export function containerExited(
  ecs: Ecs,
  record: TaskRecord,
  { container, definition, exited, realPorts }: ContainerRecord,
  exit: ContainerExit,
): void {
  container.lastStatus = 'STOPPED';
  container.exitCode = exit.exitCode;
  if (exit.outOfMemory) container.reason = 'OutOfMemoryError: Container killed due to memory usage';
  if (definition.healthCheck) container.healthStatus = 'UNKNOWN';
  closePorts(ecs, realPorts);
  exited.resolve(exit);
  const stopsTask = definition.essential !== false && !record.stopRequest;
  if (stopsTask) {
    requestStop(ecs, record, {
      code: 'EssentialContainerExited',
      reason: 'Essential container in task exited',
    });
  } else if (!record.stopRequest) {
    changed(ecs, record);
  }
}
