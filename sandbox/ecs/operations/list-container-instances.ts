import type { ListContainerInstancesRequest, ListContainerInstancesResponse } from '@aws-sdk/client-ecs';
import { getCluster } from '../identifiers.ts';
import { paginate } from '../paginate.ts';
import { parseExpression } from '../placement/constraints.ts';
import type { Ecs } from '../state.ts';

export const listContainerInstances =
  (ecs: Ecs) =>
  (input: ListContainerInstancesRequest): ListContainerInstancesResponse => {
    const matches = input.filter === undefined ? () => true : parseExpression(input.filter);
    const instances = [...getCluster(ecs, input.cluster).instances.values()].filter(
      ({ status, attributes }) => (input.status ?? status) === status && matches(attributes),
    );
    const { page, nextToken } = paginate(instances, input);
    return { containerInstanceArns: page.map(({ arn }) => arn), nextToken };
  };
