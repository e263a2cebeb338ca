import type { DescribeClustersRequest, DescribeClustersResponse } from '@aws-sdk/client-ecs';
import { ecsArn, findCluster, nameOf } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { clusterView } from '../views/cluster.ts';

export const describeClusters =
  (ecs: Ecs) =>
  (input: DescribeClustersRequest): DescribeClustersResponse => {
    const names = input.clusters?.length ? input.clusters : ['default'];
    const found = names.flatMap((name) => findCluster(ecs, name) ?? []);
    return {
      clusters: found.map((cluster) => clusterView(cluster, input.include)),
      failures: names
        .filter((name) => !findCluster(ecs, name))
        .map((name) => ({ arn: ecsArn(ecs, `cluster/${nameOf(name)}`), reason: 'MISSING' })),
    };
  };
