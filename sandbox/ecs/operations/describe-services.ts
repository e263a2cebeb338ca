import type { DescribeServicesRequest, DescribeServicesResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { ecsArn, getCluster, nameOf } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { serviceView } from '../views/service.ts';

export const describeServices =
  (ecs: Ecs) =>
  (input: DescribeServicesRequest): DescribeServicesResponse => {
    const cluster = getCluster(ecs, input.cluster);
    const names = (input.services ?? []).map(nameOf);
    if (names.length === 0) throw invalidParameter('Services cannot be empty.');
    if (names.length > 10) throw invalidParameter('Services cannot be more than 10.');
    return {
      services: names
        .flatMap((name) => cluster.services.get(name) ?? [])
        .map((service) => serviceView(service, input.include)),
      failures: names
        .filter((name) => !cluster.services.has(name))
        .map((name) => ({ arn: ecsArn(ecs, `service/${cluster.name}/${name}`), reason: 'MISSING' })),
    };
  };
