import type { Task } from '@aws-sdk/client-ecs';
import { copy } from '#sandbox/core/copy.ts';
import type { TaskRecord } from '../state.ts';

/** A task as of now: a copy, because the record goes on changing. */
export function taskView({ task }: TaskRecord, include: string[] = []): Task {
  return copy({ ...task, tags: include.includes('TAGS') ? task.tags : [] });
}
