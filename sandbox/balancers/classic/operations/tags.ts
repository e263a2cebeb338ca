import type {
  AddTagsInput,
  AddTagsOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
  RemoveTagsOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import { listTags, mergeTags } from '../../tags.ts';
import type { ClassicState } from '../state.ts';

export function addTags(state: ClassicState) {
  return (input: AddTagsInput): AddTagsOutput => {
    for (const name of input.LoadBalancerNames ?? []) mergeTags(state.find(name).tags, input.Tags);
    return {};
  };
}

export function removeTags(state: ClassicState) {
  return (input: RemoveTagsInput): RemoveTagsOutput => {
    for (const name of input.LoadBalancerNames ?? []) {
      for (const { Key } of input.Tags ?? []) state.find(name).tags.delete(Key ?? '');
    }
    return {};
  };
}

export function describeTags(state: ClassicState) {
  return (input: DescribeTagsInput): DescribeTagsOutput => ({
    TagDescriptions: (input.LoadBalancerNames ?? []).map((name) => ({
      LoadBalancerName: name,
      Tags: listTags(state.find(name).tags),
    })),
  });
}
