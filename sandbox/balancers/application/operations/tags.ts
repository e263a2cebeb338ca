import type {
  AddTagsInput,
  AddTagsOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
  RemoveTagsOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { listTags, mergeTags } from '../../tags.ts';
import type { ApplicationState } from '../state.ts';

function tagsOf(state: ApplicationState, arn: string): Map<string, string> {
  if (arn.includes(':targetgroup/')) return state.findTargetGroup(arn).tags;
  if (arn.includes(':listener-rule/')) return state.findRule(arn).rule.tags;
  if (arn.includes(':listener/')) return state.findListener(arn).tags;
  return state.findBalancer(arn).tags;
}

export function addTags(state: ApplicationState) {
  return (input: AddTagsInput): AddTagsOutput => {
    for (const arn of input.ResourceArns ?? []) mergeTags(tagsOf(state, arn), input.Tags);
    return {};
  };
}

export function removeTags(state: ApplicationState) {
  return (input: RemoveTagsInput): RemoveTagsOutput => {
    for (const arn of input.ResourceArns ?? []) {
      for (const key of input.TagKeys ?? []) tagsOf(state, arn).delete(key);
    }
    return {};
  };
}

export function describeTags(state: ApplicationState) {
  return (input: DescribeTagsInput): DescribeTagsOutput => ({
    TagDescriptions: (input.ResourceArns ?? []).map((arn) => ({
      ResourceArn: arn,
      Tags: listTags(tagsOf(state, arn)),
    })),
  });
}
