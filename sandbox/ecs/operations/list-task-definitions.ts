import type { ListTaskDefinitionsRequest, ListTaskDefinitionsResponse } from '@aws-sdk/client-ecs';
import { paginate } from '../paginate.ts';
import type { Ecs } from '../state.ts';

export const listTaskDefinitions =
  (ecs: Ecs) =>
  (input: ListTaskDefinitionsRequest): ListTaskDefinitionsResponse => {
    const families = [...ecs.taskDefinitions.keys()].sort();
    const arns = families
      .filter((family) => input.familyPrefix === undefined || family === input.familyPrefix)
      .flatMap((family) => ecs.taskDefinitions.get(family) ?? [])
      .filter(({ definition }) => definition.status === (input.status ?? 'ACTIVE'))
      .map(({ definition }) => definition.taskDefinitionArn as string);
    const { page, nextToken } = paginate(input.sort === 'DESC' ? arns.reverse() : arns, input);
    return { taskDefinitionArns: page, nextToken };
  };
