import type { ListServicesRequest, ListServicesResponse } from '@aws-sdk/client-ecs';
import { getCluster } from '../identifiers.ts';
import { paginate } from '../paginate.ts';
import { launchTypeOf } from '../scheduler/deployments.ts';
import type { Ecs } from '../state.ts';

/** Pages of ten where the request does not say, as on AWS. */
export const listServices =
  (ecs: Ecs) =>
  (input: ListServicesRequest): ListServicesResponse => {
    const services = [...getCluster(ecs, input.cluster).services.values()].filter(
      (service) =>
        service.status !== 'INACTIVE' &&
        (input.launchType ?? launchTypeOf(service)) === launchTypeOf(service) &&
        (input.schedulingStrategy ?? 'REPLICA') === 'REPLICA',
    );
    const { page, nextToken } = paginate(services, { ...input, maxResults: input.maxResults ?? 10 });
    return { serviceArns: page.map(({ arn }) => arn), nextToken };
  };
