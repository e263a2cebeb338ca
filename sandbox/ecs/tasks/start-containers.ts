import type { Image } from '#sandbox/containers/image.ts';
import { ContainerStartError } from '#sandbox/containers/runtime.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { ContainerRecord, Ecs, TaskRecord } from '../state.ts';
import { changed } from './changed.ts';
import { awaitDependencies } from './dependencies.ts';
import { environmentOf } from './environment.ts';
import { containerExited } from './exit.ts';
import { watchHealth } from './health.ts';
import { outputOf } from './output.ts';
import { openPorts } from './ports.ts';

/** Starts every container of the task, each when its dependencies allow it. */
export async function startContainers(
  ecs: Ecs,
  record: TaskRecord,
  images: ReadonlyMap<string, Image>,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  const starts = record.containers.map(async (container) => {
    await awaitDependencies(record, container);
    if (record.starting.signal.aborted) return;
    const image = images.get(container.definition.name ?? '') as Image;
    await startContainer(ecs, record, container, image, secrets);
  });
  // One failure ends the others' waits; all have to be settled before the task is taken down.
  for (const start of starts) start.catch(() => record.starting.abort());
  const failure = (await Promise.allSettled(starts)).find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}

async function startContainer(
  ecs: Ecs,
  record: TaskRecord,
  container: ContainerRecord,
  image: Image,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  const { definition } = container;
  if (definition.mountPoints?.length || definition.volumesFrom?.length) {
    throw failed(container, 'CannotCreateVolumeError: volumes are not supported by this local Amazon ECS');
  }
  const ports = await openPorts(ecs, record, container);
  // Docker gives a container its id when it is created, before its program starts to write.
  container.container.runtimeId = ecs.context.random.hex(64);
  try {
    container.handle = await ecs.runtime.start({
      name: `${definition.name}/${record.id}`,
      image,
      imageReference: definition.image ?? '',
      command: commandOf(record, container, image),
      workingDirectory: definition.workingDirectory ?? image.config.workingDirectory,
      environment: environmentOf(ecs, record, container, image, secrets, ports),
      memoryLimitInBytes: memoryLimit(record, container),
      onOutput: outputOf(ecs, record, container),
    });
  } catch (error) {
    if (!(error instanceof ContainerStartError)) throw error;
    failed(container, `CannotStartContainerError: ${error.message}`);
    throw new AwsError('TaskFailedToStart', 'Task failed to start');
  }
  container.container.lastStatus = 'RUNNING';
  container.started.resolve();
  container.handle.exited.then((exit) => containerExited(ecs, record, container, exit));
  watchHealth(ecs, record, container);
  if (record.containers.length > 1) changed(ecs, record);
}

function failed(container: ContainerRecord, reason: string): AwsError {
  container.container.reason = reason;
  return new AwsError(reason.split(':')[0] ?? '', reason);
}

/** As Docker puts it together: an entry point of the task definition drops the image's command. */
function commandOf(record: TaskRecord, container: ContainerRecord, image: Image): string[] {
  const { name, entryPoint, command } = container.definition;
  const override = record.task.overrides?.containerOverrides?.find((one) => one.name === name);
  const entrypoint = entryPoint?.length ? entryPoint : image.config.entrypoint;
  const imageCommand = entryPoint?.length ? [] : image.config.command;
  const parameters = [override?.command, command].find((words) => words?.length) ?? imageCommand;
  const words = [...entrypoint, ...parameters];
  if (words.length === 0)
    throw failed(container, 'CannotStartContainerError: Error response from daemon: no command specified');
  return words;
}

/** The hard limit: the container's own, or the task's. */
function memoryLimit(record: TaskRecord, { definition }: ContainerRecord): number | undefined {
  const override = record.task.overrides?.containerOverrides?.find((one) => one.name === definition.name);
  const own = override?.memory ?? definition.memory;
  const mebibytes = own ?? (record.definition.memory === undefined ? undefined : record.reservation.memory);
  return mebibytes === undefined ? undefined : mebibytes * 1024 * 1024;
}
