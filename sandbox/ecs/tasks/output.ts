import type { ContainerRecord, Ecs, TaskRecord } from '../state.ts';

const linesKept = 1000;

/**
 * Where a container's lines go: to CloudWatch Logs with the awslogs driver, which is the container's own or, where it
 * has no log configuration, may be the default of the instance's Docker daemon. Otherwise (json-file) they stay on the
 * instance. The last ones are kept with the task in any case.
 *
 * Without a prefix the stream is named after the container's id (ECS developer guide, "awslogs-stream-prefix").
 */
export function outputOf(ecs: Ecs, record: TaskRecord, container: ContainerRecord): (line: string) => void {
  const { name = '', logConfiguration } = container.definition;
  const options = logConfiguration?.logDriver === 'awslogs' ? logConfiguration.options : undefined;
  const group = logConfiguration === undefined ? record.instance?.dockerLogGroup : options?.['awslogs-group'];
  const prefix = options?.['awslogs-stream-prefix'];
  const stream =
    prefix === undefined ? (container.container.runtimeId ?? record.id) : `${prefix}/${name}/${record.id}`;
  return (line) => {
    record.output.push({ container: name, line });
    if (record.output.length > linesKept) record.output.shift();
    if (group !== undefined) ecs.needs.logs.write(group, stream, line, ecs.context.clock.now());
  };
}
