import type {
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse,
} from '@aws-sdk/client-ecs';
import { paginate } from '../paginate.ts';
import type { Ecs } from '../state.ts';

export const listTaskDefinitionFamilies =
  (ecs: Ecs) =>
  (input: ListTaskDefinitionFamiliesRequest): ListTaskDefinitionFamiliesResponse => {
    const { status = 'ALL', familyPrefix = '' } = input;
    const families = [...ecs.taskDefinitions]
      .filter(([family]) => family.startsWith(familyPrefix))
      .filter(([, revisions]) => {
        const active = revisions.some(({ definition }) => definition.status === 'ACTIVE');
        return status === 'ALL' || (status === 'ACTIVE') === active;
      })
      .map(([family]) => family)
      .sort();
    const { page, nextToken } = paginate(families, input);
    return { families: page, nextToken };
  };
