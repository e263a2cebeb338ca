import type { ListServiceDeploymentsRequest, ListServiceDeploymentsResponse } from '@aws-sdk/client-ecs';
import { getCluster, getService } from '../identifiers.ts';
import { paginate } from '../paginate.ts';
import type { Ecs } from '../state.ts';

/** Newest first. */
export const listServiceDeployments =
  (ecs: Ecs) =>
  (input: ListServiceDeploymentsRequest): ListServiceDeploymentsResponse => {
    const service = getService(getCluster(ecs, input.cluster), input.service ?? '');
    const { after, before } = input.createdAt ?? {};
    const matching = service.serviceDeployments.filter(
      ({ status, createdAt }) =>
        (!input.status?.length || (status && input.status.includes(status))) &&
        (!after || (createdAt && createdAt >= after)) &&
        (!before || (createdAt && createdAt <= before)),
    );
    const { page, nextToken } = paginate(matching, { ...input, maxResults: input.maxResults ?? 20 });
    return {
      serviceDeployments: page.map((deployment) => ({
        serviceDeploymentArn: deployment.serviceDeploymentArn,
        serviceArn: deployment.serviceArn,
        clusterArn: deployment.clusterArn,
        startedAt: deployment.startedAt,
        createdAt: deployment.createdAt,
        finishedAt: deployment.finishedAt,
        targetServiceRevisionArn: deployment.targetServiceRevision?.arn,
        status: deployment.status,
        statusReason: deployment.statusReason,
      })),
      nextToken,
    };
  };
