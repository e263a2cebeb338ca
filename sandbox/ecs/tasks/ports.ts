import type { NetworkBinding } from '@aws-sdk/client-ecs';
import { remaining, tasksOn } from '../placement/reservation.ts';
import type { ContainerRecord, Ecs, InstanceRecord, TaskRecord } from '../state.ts';

/** Docker's ephemeral range on Linux, as the ECS agent uses it. */
const firstDynamicPort = 32_768;
const lastDynamicPort = 60_999;

/** Publishes a container's ports: on its instance (static or dynamic), or on the task's own address. */
export async function openPorts(
  ecs: Ecs,
  record: TaskRecord,
  container: ContainerRecord,
): Promise<{ containerPort: number; realPort: number }[]> {
  const opened: { containerPort: number; realPort: number }[] = [];
  const bindings: NetworkBinding[] = [];
  for (const { containerPort = 0, hostPort, protocol = 'tcp' } of container.definition.portMappings ?? []) {
    const realPort = await ecs.runtime.reservePort();
    opened.push({ containerPort, realPort });
    if (record.address !== undefined) {
      publish(ecs, container, record.address, containerPort, realPort);
    } else if (record.instance) {
      const port = portOnHost(record, record.instance, hostPort, containerPort);
      publish(ecs, container, record.instance.ec2InstanceId, port, realPort);
      bindings.push({ bindIP: '0.0.0.0', containerPort, hostPort: port, protocol });
    }
  }
  container.container.networkBindings = bindings;
  if (record.address !== undefined) {
    container.container.networkInterfaces = [
      { attachmentId: record.task.attachments?.[0]?.id, privateIpv4Address: record.address },
    ];
  }
  return opened;
}

function publish(ecs: Ecs, container: ContainerRecord, host: string, port: number, realPort: number): void {
  ecs.needs.network.bind(host, port, realPort);
  container.realPorts.push({ host, port });
}

export function closePorts(ecs: Ecs, ports: { host: string; port: number }[]): void {
  for (const { host, port } of ports.splice(0)) ecs.needs.network.release(host, port);
}

function portOnHost(
  record: TaskRecord,
  instance: InstanceRecord,
  hostPort: number | undefined,
  containerPort: number,
): number {
  if (record.definition.networkMode === 'host') return hostPort || containerPort;
  return hostPort || dynamicPort(record, instance);
}

function dynamicPort(record: TaskRecord, instance: InstanceRecord): number {
  const taken = new Set([
    ...remaining(record.cluster, instance).ports.map((port) => Number.parseInt(port, 10)),
    ...tasksOn(record.cluster, instance).flatMap(({ containers }) =>
      containers.flatMap(({ realPorts }) => realPorts.map(({ port }) => port)),
    ),
  ]);
  do {
    if (++instance.nextDynamicPort > lastDynamicPort) instance.nextDynamicPort = firstDynamicPort;
  } while (taken.has(instance.nextDynamicPort));
  return instance.nextDynamicPort;
}

export const dynamicPortStart = firstDynamicPort - 1;
