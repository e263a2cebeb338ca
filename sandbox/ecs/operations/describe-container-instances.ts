import type {
  DescribeContainerInstancesRequest,
  DescribeContainerInstancesResponse,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { ecsArn, getCluster, nameOf } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { containerInstanceView } from '../views/container-instance.ts';

export const describeContainerInstances =
  (ecs: Ecs) =>
  (input: DescribeContainerInstancesRequest): DescribeContainerInstancesResponse => {
    const cluster = getCluster(ecs, input.cluster);
    const ids = (input.containerInstances ?? []).map(nameOf);
    if (ids.length === 0) throw invalidParameter('Container instance can not be blank.');
    return {
      containerInstances: ids
        .flatMap((id) => cluster.instances.get(id) ?? [])
        .map((instance) => containerInstanceView(cluster, instance)),
      failures: ids
        .filter((id) => !cluster.instances.has(id))
        .map((id) => ({ arn: ecsArn(ecs, `container-instance/${cluster.name}/${id}`), reason: 'MISSING' })),
    };
  };
