import type {
  UpdateContainerInstancesStateRequest,
  UpdateContainerInstancesStateResponse,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { ecsArn, getCluster, nameOf } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { containerInstanceView } from '../views/container-instance.ts';

/** DRAINING takes no new tasks; services move theirs away within their deployment configuration. */
export const updateContainerInstancesState =
  (ecs: Ecs) =>
  (input: UpdateContainerInstancesStateRequest): UpdateContainerInstancesStateResponse => {
    const cluster = getCluster(ecs, input.cluster);
    const { status } = input;
    if (status !== 'ACTIVE' && status !== 'DRAINING') {
      throw invalidParameter('Container instance status should be one of [ACTIVE,DRAINING].');
    }
    const ids = (input.containerInstances ?? []).map(nameOf);
    const found = ids.flatMap((id) => cluster.instances.get(id) ?? []);
    for (const instance of found) {
      instance.status = status;
      instance.version++;
    }
    for (const service of cluster.services.values()) ecs.wake(service);
    return {
      containerInstances: found.map((instance) => containerInstanceView(cluster, instance)),
      failures: ids
        .filter((id) => !cluster.instances.has(id))
        .map((id) => ({ arn: ecsArn(ecs, `container-instance/${cluster.name}/${id}`), reason: 'MISSING' })),
    };
  };
