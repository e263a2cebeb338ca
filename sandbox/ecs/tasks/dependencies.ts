import { AwsError } from '#sandbox/core/errors.ts';
import type { ContainerRecord, TaskRecord } from '../state.ts';

/** Waits until the containers that this one dependsOn have come as far as their conditions say. */
export async function awaitDependencies(record: TaskRecord, container: ContainerRecord): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (record.starting.signal.aborted) resolve();
    record.starting.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (const { containerName, condition } of container.definition.dependsOn ?? []) {
    const dependency = record.containers.find(({ definition }) => definition.name === containerName);
    if (dependency) await Promise.race([reached(dependency, condition), stopped]);
  }
}

async function reached(dependency: ContainerRecord, condition: string | undefined): Promise<void> {
  if (condition === 'START') return dependency.started.promise;
  if (condition === 'HEALTHY') return dependency.healthy.promise;
  const { exitCode } = await dependency.exited.promise;
  if (condition === 'SUCCESS' && exitCode !== 0) {
    throw new AwsError(
      'TaskFailedToStart',
      `Task failed to start: container ${dependency.definition.name} exited with ${exitCode}, and others depend on its SUCCESS`,
    );
  }
}
