import type { LoadBalancer, TaskDefinition } from '@aws-sdk/client-ecs';
import type { AwsError } from '#sandbox/core/errors.ts';
import { invalidParameter } from '../errors.ts';
import { balancerRef } from '../scheduler/balancing.ts';
import type { Ecs } from '../state.ts';

/** The load balancers of a service have to be there, and to lead to a port of one of its containers. */
export function validateBalancers(ecs: Ecs, balancers: LoadBalancer[], definition: TaskDefinition): void {
  for (const balancer of balancers) {
    const { targetGroupArn, loadBalancerName, containerName, containerPort } = balancer;
    if ((targetGroupArn === undefined) === (loadBalancerName === undefined)) {
      throw invalidParameter(
        'loadBalancerName and targetGroupArn cannot both be specified, and one of them is required.',
      );
    }
    const container = definition.containerDefinitions?.find(({ name }) => name === containerName);
    if (!container)
      throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    const mapping = container.portMappings?.find((one) => one.containerPort === containerPort);
    if (!mapping) {
      throw invalidParameter(
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
    }
    if (loadBalancerName !== undefined) requireClassic(definition, containerPort, mapping.hostPort);
    if (!ecs.needs.balancers.exists(balancerRef(balancer))) throw notThere(balancer);
  }
}

/** A classic load balancer sends to one fixed port of its instances. */
function requireClassic(
  { networkMode }: TaskDefinition,
  containerPort: number | undefined,
  hostPort: number | undefined,
): void {
  if (networkMode === 'awsvpc') {
    throw invalidParameter('Classic Load Balancers are not supported with the awsvpc network mode.');
  }
  if (!hostPort && networkMode !== 'host') {
    throw invalidParameter(`A host port mapping for the container port ${containerPort} is required.`);
  }
}

function notThere({ targetGroupArn, loadBalancerName }: LoadBalancer): AwsError {
  if (targetGroupArn !== undefined) {
    return invalidParameter(
      `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
    );
  }
  return invalidParameter(`The specified load balancer does not exist: ${loadBalancerName}.`);
}
