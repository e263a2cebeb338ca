import type { DeleteClusterRequest, DeleteClusterResponse } from '@aws-sdk/client-ecs';
import { AwsError } from '#sandbox/core/errors.ts';
import { getCluster } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { clusterView } from '../views/cluster.ts';

/** The cluster stays describable as INACTIVE, as on AWS. */
export const deleteCluster =
  (ecs: Ecs) =>
  (input: DeleteClusterRequest): DeleteClusterResponse => {
    const record = getCluster(ecs, input.cluster);
    if ([...record.services.values()].some(({ status }) => status !== 'INACTIVE')) {
      throw new AwsError(
        'ClusterContainsServicesException',
        'The Cluster cannot be deleted while Services are active.',
      );
    }
    if ([...record.tasks.values()].some(({ task }) => task.lastStatus !== 'STOPPED')) {
      throw new AwsError(
        'ClusterContainsTasksException',
        'The Cluster cannot be deleted while Tasks are active.',
      );
    }
    if (record.instances.size > 0) {
      throw new AwsError(
        'ClusterContainsContainerInstancesException',
        'The Cluster cannot be deleted while Container Instances are active or draining.',
      );
    }
    record.cluster.status = 'INACTIVE';
    return { cluster: clusterView(record) };
  };
