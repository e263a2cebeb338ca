import type { TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import type { ClusterRecord, InstanceRecord, Reservation, TaskRecord } from '../state.ts';

/** Ports that every container instance keeps for SSH, Docker and the ECS agent. */
export const reservedPorts = ['22/tcp', '2375/tcp', '2376/tcp', '51678/tcp', '51679/tcp'];

/** What the scheduler sets aside for a task: its own size, or the sum of its containers (soft limit first). */
export function reservationOf(definition: TaskDefinition, overrides: TaskOverride = {}): Reservation {
  const containers = (definition.containerDefinitions ?? []).map((container) => {
    const override = overrides.containerOverrides?.find(({ name }) => name === container.name);
    return { ...container, ...override, portMappings: container.portMappings };
  });
  const sum = (values: (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const cpu = overrides.cpu ?? definition.cpu;
  const memory = overrides.memory ?? definition.memory;
  return {
    cpu: cpu === undefined ? sum(containers.map((container) => container.cpu)) : units(cpu, 1024),
    memory:
      memory === undefined
        ? sum(containers.map((container) => container.memoryReservation ?? container.memory))
        : units(memory, 1024),
    ports: definition.networkMode === 'awsvpc' ? [] : staticPorts(definition),
  };
}

/** "256", "1 vCPU", "512", "2 GB". */
export function units(size: string, perLargeUnit: number): number {
  const number = Number.parseFloat(size);
  return /[a-z]/i.test(size) ? number * perLargeUnit : number;
}

function staticPorts(definition: TaskDefinition): string[] {
  return (definition.containerDefinitions ?? []).flatMap((container) =>
    (container.portMappings ?? [])
      .map(({ hostPort, containerPort, protocol = 'tcp' }) => ({
        port: definition.networkMode === 'host' ? hostPort || containerPort : hostPort,
        protocol,
      }))
      .filter(({ port }) => port)
      .map(({ port, protocol }) => `${port}/${protocol}`),
  );
}

export function tasksOn(cluster: ClusterRecord, instance: InstanceRecord): TaskRecord[] {
  return [...cluster.tasks.values()].filter(
    (record) => record.instance === instance && record.task.lastStatus !== 'STOPPED',
  );
}

/** What is left of an instance. `ports` are the ones taken. */
export function remaining(cluster: ClusterRecord, instance: InstanceRecord): Reservation {
  const left: Reservation = { cpu: instance.cpu, memory: instance.memory, ports: [...reservedPorts] };
  for (const { reservation } of tasksOn(cluster, instance)) {
    left.cpu -= reservation.cpu;
    left.memory -= reservation.memory;
    left.ports.push(...reservation.ports);
  }
  return left;
}
