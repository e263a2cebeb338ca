import type { Ecs, StopRequest, TaskRecord } from '../state.ts';
import { changed, now } from './changed.ts';

/** Asks a task to stop, for one reason: the first one counts. */
export function requestStop(ecs: Ecs, record: TaskRecord, request: StopRequest): void {
  if (record.stopRequest) return;
  record.stopRequest = request;
  record.task.desiredStatus = 'STOPPED';
  record.task.stopCode = request.code;
  record.task.stoppedReason = request.reason;
  record.task.stoppingAt = now(ecs);
  changed(ecs, record);
  record.starting.abort();
  record.stopRequested.resolve(request);
}
