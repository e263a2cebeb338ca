import type { Task } from '@aws-sdk/client-ecs';
import type { TaskRecord } from '../state.ts';

/** A task as of now: a copy, because the record goes on changing. */
export function taskView({ task }: TaskRecord, include: string[] = []): Task {
  return structuredClone({ ...task, tags: include.includes('TAGS') ? task.tags : [] });
}
