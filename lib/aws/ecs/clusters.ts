import {
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  type ECSClient,
  ListContainerInstancesCommand,
  type Resource,
} from '@aws-sdk/client-ecs';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { InstanceObservation } from '#lib/deployment/release/placement.ts';
import { ecsClient } from './client.ts';

export interface Clusters {
  /** Fails with ClusterNotFound. */
  assertActive(cluster: string): Promise<void>;
  /** The active container instances and the room on them; at most the first hundred are looked at. */
  instances(cluster: string): Promise<InstanceObservation[]>;
}

export function createClusters(ecs: ECSClient = ecsClient()): Clusters {
  return {
    async assertActive(cluster) {
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
      const status = clusters?.[0]?.status;
      if (status !== 'ACTIVE')
        throw new DeploymentError('ClusterNotFound', `${cluster} is ${status ?? 'not there'}`);
    },

    async instances(cluster) {
      const { containerInstanceArns } = await ecs.send(
        new ListContainerInstancesCommand({ cluster, status: 'ACTIVE', maxResults: 100 }),
      );
      if (containerInstanceArns === undefined || containerInstanceArns.length === 0) return [];
      const { containerInstances } = await ecs.send(
        new DescribeContainerInstancesCommand({ cluster, containerInstances: containerInstanceArns }),
      );
      return (containerInstances ?? [])
        .filter((each) => each.agentConnected !== false)
        .map((each) => ({
          id: each.ec2InstanceId ?? each.containerInstanceArn ?? '',
          ports: (find(each.remainingResources, 'PORTS')?.stringSetValue ?? []).map(Number),
          remainingCpu: find(each.remainingResources, 'CPU')?.integerValue ?? 0,
          remainingMemory: find(each.remainingResources, 'MEMORY')?.integerValue ?? 0,
        }));
    },
  };
}

/** ECS lists under remainingResources PORTS the host ports that are taken. */
const find = (resources: Resource[] | undefined, name: string) =>
  resources?.find((each) => each.name === name);
