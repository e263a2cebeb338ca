import * as sdk from '@aws-sdk/client-ecs';
import { createProcessRuntime } from '#sandbox/containers/process-runtime.ts';
import type { ContainerRuntime } from '#sandbox/containers/runtime.ts';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { authorizeEcs } from './authorize.ts';
import { getCluster, nameOf } from './identifiers.ts';
import type { EcsNeeds } from './needs.ts';
import { operationsOf } from './operations/index.ts';
import { addContainerInstance, type NewInstance } from './operations/register-container-instance.ts';
import { defaultEcsOptions, type EcsOptions } from './options.ts';
import { poke } from './scheduler/poke.ts';
import type { Ecs } from './state.ts';
import { requestStop } from './tasks/stop.ts';
import { containerInstanceView } from './views/container-instance.ts';

export interface EcsService {
  definition: ServiceDefinition;
  /** What an EC2 instance does when its ECS agent starts. */
  addInstance(cluster: string, instance: NewInstance): sdk.ContainerInstance;
  /** The last lines of a task's containers, as the instance's json-file logs would have them. */
  taskOutput(taskArn: string): { container: string; line: string }[];
  close(): Promise<void>;
}

/** Amazon ECS of the local AWS. Containers are real processes unless another runtime is given. */
export function createEcs(
  context: SandboxContext,
  needs: EcsNeeds & { runtime?: ContainerRuntime },
  options: EcsOptions = {},
): EcsService {
  const { runtime = createProcessRuntime(context.clock), ...others } = needs;
  const ecs: Ecs = {
    context,
    needs: others,
    options: { ...defaultEcsOptions, ...options },
    runtime,
    clusters: new Map(),
    taskDefinitions: new Map(),
    accountSettings: new Map(),
    inProgress: new Set(),
    nextAddress: 256 + 10,
    closing: new AbortController(),
    wake: (service) => poke(ecs, service, ecs.options.tickMilliseconds),
  };
  const operations = operationsOf(ecs);
  return {
    definition: {
      signingName: 'ecs',
      sdk,
      operations,
      authorize: (operation, input) => authorizeEcs(ecs, operation, input),
    },
    addInstance(cluster, instance) {
      const record = getCluster(ecs, cluster);
      return containerInstanceView(record, addContainerInstance(ecs, record, instance));
    },
    taskOutput(taskArn) {
      const records = [...ecs.clusters.values()].flatMap(({ tasks }) => tasks.get(nameOf(taskArn)) ?? []);
      return records.flatMap(({ output }) => output);
    },
    close: () => close(ecs),
  };
}

/** Stops every task at once, without draining or grace, and every timer. */
async function close(ecs: Ecs): Promise<void> {
  ecs.closing.abort();
  for (const { services, tasks } of ecs.clusters.values()) {
    for (const service of services.values()) ecs.context.clock.clearTimeout(service.timer);
    for (const record of tasks.values()) {
      requestStop(ecs, record, {
        code: 'TerminationNotice',
        reason: 'The local Amazon ECS is shutting down.',
      });
    }
  }
  await Promise.all(ecs.inProgress);
  await ecs.runtime.close();
}
