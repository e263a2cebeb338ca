import type { ContainerInstance, Resource } from '@aws-sdk/client-ecs';
import { remaining, reservedPorts, tasksOn } from '../placement/reservation.ts';
import { isPending, isRunning } from '../scheduler/tasks.ts';
import type { ClusterRecord, InstanceRecord, Reservation } from '../state.ts';

/** A container instance as DescribeContainerInstances shows it, with what is left of it at this moment. */
export function containerInstanceView(cluster: ClusterRecord, instance: InstanceRecord): ContainerInstance {
  const { arn, ec2InstanceId, status, version, attributes, registeredAt, cpu, memory } = instance;
  const tasks = tasksOn(cluster, instance);
  return {
    containerInstanceArn: arn,
    ec2InstanceId,
    status,
    version,
    versionInfo: { agentVersion: '1.100.0', dockerVersion: 'DockerVersion: 25.0.8' },
    agentConnected: true,
    attributes,
    registeredAt,
    registeredResources: resources({ cpu, memory, ports: reservedPorts }),
    remainingResources: resources(remaining(cluster, instance)),
    runningTasksCount: tasks.filter(isRunning).length,
    pendingTasksCount: tasks.filter(isPending).length,
    attachments: [],
    tags: [],
  };
}

function resources({ cpu, memory, ports }: Reservation): Resource[] {
  const of = (protocol: string) =>
    ports.filter((port) => port.endsWith(protocol)).map((port) => port.split('/')[0] as string);
  const zero = { doubleValue: 0, longValue: 0 };
  return [
    { name: 'CPU', type: 'INTEGER', ...zero, integerValue: cpu },
    { name: 'MEMORY', type: 'INTEGER', ...zero, integerValue: memory },
    { name: 'PORTS', type: 'STRINGSET', ...zero, integerValue: 0, stringSetValue: of('/tcp') },
    { name: 'PORTS_UDP', type: 'STRINGSET', ...zero, integerValue: 0, stringSetValue: of('/udp') },
  ];
}
