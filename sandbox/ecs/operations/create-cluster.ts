import type { CreateClusterRequest, CreateClusterResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { ecsArn } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { clusterView } from '../views/cluster.ts';

/** Idempotent, as on AWS: an existing cluster is returned as it is. */
export const createCluster =
  (ecs: Ecs) =>
  (input: CreateClusterRequest): CreateClusterResponse => {
    const name = input.clusterName ?? 'default';
    if (!/^[\w-]{1,255}$/.test(name))
      throw invalidParameter('Identifiers may only contain letters, digits, hyphens and underscores.');
    const existing = ecs.clusters.get(name);
    if (existing?.cluster.status === 'ACTIVE') return { cluster: clusterView(existing) };
    const record = {
      name,
      cluster: {
        clusterArn: ecsArn(ecs, `cluster/${name}`),
        clusterName: name,
        status: 'ACTIVE',
        settings: input.settings ?? [{ name: 'containerInsights' as const, value: 'disabled' }],
        capacityProviders: input.capacityProviders ?? [],
        defaultCapacityProviderStrategy: input.defaultCapacityProviderStrategy ?? [],
        tags: input.tags ?? [],
        statistics: [],
      },
      instances: new Map(),
      tasks: new Map(),
      services: new Map(),
      clientTokens: new Map(),
    };
    ecs.clusters.set(name, record);
    return { cluster: clusterView(record) };
  };
