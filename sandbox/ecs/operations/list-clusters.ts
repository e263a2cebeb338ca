import type { ListClustersRequest, ListClustersResponse } from '@aws-sdk/client-ecs';
import { paginate } from '../paginate.ts';
import type { Ecs } from '../state.ts';

export const listClusters =
  (ecs: Ecs) =>
  (input: ListClustersRequest): ListClustersResponse => {
    const active = [...ecs.clusters.values()].filter(({ cluster }) => cluster.status === 'ACTIVE');
    const { page, nextToken } = paginate(active, input);
    return { clusterArns: page.map(({ cluster }) => cluster.clusterArn as string), nextToken };
  };
