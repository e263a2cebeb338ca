import type { ContainerRecord, Ecs, TaskRecord } from '../state.ts';

const linesKept = 1000;

/**
 * Where a container's lines go: to CloudWatch Logs with the awslogs driver. Without a log configuration (the
 * json-file driver of a container instance) they stay on the instance: the last ones are kept with the task.
 */
export function outputOf(ecs: Ecs, record: TaskRecord, container: ContainerRecord): (line: string) => void {
  const { name = '', logConfiguration } = container.definition;
  const options = logConfiguration?.logDriver === 'awslogs' ? logConfiguration.options : undefined;
  const group = options?.['awslogs-group'];
  const prefix = options?.['awslogs-stream-prefix'];
  const stream = prefix === undefined ? record.id : `${prefix}/${name}/${record.id}`;
  return (line) => {
    record.output.push({ container: name, line });
    if (record.output.length > linesKept) record.output.shift();
    if (group !== undefined) ecs.needs.logs.write(group, stream, line, ecs.context.clock.now());
  };
}
