import type { DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse } from '@aws-sdk/client-ecs';
import { clientException } from '../errors.ts';
import { findTaskDefinition } from '../identifiers.ts';
import type { Ecs } from '../state.ts';

export const describeTaskDefinition =
  (ecs: Ecs) =>
  (input: DescribeTaskDefinitionRequest): DescribeTaskDefinitionResponse => {
    const record = findTaskDefinition(ecs, input.taskDefinition ?? '');
    if (!record) throw clientException('Unable to describe task definition.');
    return { taskDefinition: record.definition, tags: input.include?.includes('TAGS') ? record.tags : [] };
  };
