import type { ServiceTemplate } from './service-definition.ts';
import type { TaskDefinitionTemplate } from './task-definition.ts';

/** A container instance's room: what is left on it now, and what tasks of the service itself hold. */
export interface InstanceObservation {
  id: string;
  /** TCP host ports in use. */
  ports: number[];
  remainingCpu: number;
  remainingMemory: number;
}

export interface PlacementNeed {
  /** Over TCP. */
  hostPorts: number[];
  cpu: number;
  memory: number;
}

/** What one task needs of an EC2 instance; nothing to check for Fargate and awsvpc (no host ports, no instances). */
export function placementNeedOf(template: TaskDefinitionTemplate): PlacementNeed {
  const containers = template.containerDefinitions;
  const total = (pick: (container: (typeof containers)[number]) => number | undefined) =>
    containers.reduce((sum, each) => sum + (pick(each) ?? 0), 0);
  return {
    hostPorts:
      template.networkMode === 'awsvpc'
        ? []
        : containers
            .flatMap((each) => each.portMappings ?? [])
            .filter((port) => (port.protocol ?? 'tcp') === 'tcp')
            .map((port) => port.hostPort ?? 0)
            .filter((port) => port > 0),
    cpu: Number(template.cpu ?? total((each) => each.cpu)),
    memory: Number(template.memory ?? total((each) => each.memoryReservation ?? each.memory)),
  };
}

/**
 * Why the first new task of a rolling deployment cannot be placed, or undefined when it can. Only certain where ECS
 * may not stop an old task first: with minimumHealthyPercent below 100 room appears during the rollout. A migration
 * runs from the same task definition, with its host ports, beside all old tasks. While a deployment of the service is
 * not settled, tasks of it come and go (a crash loop, say), and the fix for it must not be refused for their sake.
 */
export function findPlacementProblem(
  need: PlacementNeed,
  instances: InstanceObservation[],
  service: {
    desiredCount: number;
    minimumHealthyPercent: number;
    migratesFirst?: boolean;
    inTransition?: boolean;
  },
): string | undefined {
  if (service.inTransition) return undefined;
  const mayStopFirst =
    Math.ceil((service.desiredCount * service.minimumHealthyPercent) / 100) < service.desiredCount;
  if (!service.migratesFirst && (mayStopFirst || service.desiredCount === 0)) return undefined;
  if (instances.length === 0) return 'the cluster has no container instance';
  const reasons = instances.map((instance) => {
    const taken = need.hostPorts.find((port) => instance.ports.includes(port));
    if (taken !== undefined) return `${instance.id} already uses host port ${taken}`;
    if (instance.remainingCpu < need.cpu)
      return `${instance.id} has ${instance.remainingCpu} of ${need.cpu} CPU units left`;
    if (instance.remainingMemory < need.memory)
      return `${instance.id} has ${instance.remainingMemory} of ${need.memory} MiB left`;
    return undefined;
  });
  return reasons.includes(undefined) ? undefined : reasons.join(', ');
}

/** ECS's defaults for a rolling deployment of a REPLICA service. */
export const minimumHealthyPercentOf = (
  template: ServiceTemplate | { deploymentConfiguration?: unknown },
): number => {
  const configuration = template.deploymentConfiguration as { minimumHealthyPercent?: number } | undefined;
  return configuration?.minimumHealthyPercent ?? 100;
};
