import type { Ecs, TaskRecord } from '../state.ts';

/** Every change of a task raises its version, is told to EventBridge and to its service's scheduler. */
export function changed(ecs: Ecs, record: TaskRecord): void {
  const { task, service } = record;
  task.version = (task.version ?? 0) + 1;
  const { tags: _, ...detail } = task;
  const updatedAt = new Date(ecs.context.clock.now());
  ecs.context.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    resources: [task.taskArn as string],
    // Through JSON, so that the event is a copy with timestamps as text, as EventBridge carries them.
    detail: JSON.parse(JSON.stringify({ ...detail, updatedAt })),
  });
  if (service) ecs.wake(service);
}

export function now(ecs: Ecs): Date {
  return new Date(ecs.context.clock.now());
}
