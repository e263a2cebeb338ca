import type { Webhook, WebhookFilter } from '@aws-sdk/client-codebuild';
import type { Push } from '#sandbox/git/push.ts';
import { invalidInput } from './state.ts';

/** Which pushes start a build: the first group all of whose filters pass is enough, and no group means every push. */
export function passes(webhook: Pick<Webhook, 'filterGroups' | 'branchFilter'>, push: Push): boolean {
  if (webhook.branchFilter) {
    return new RegExp(webhook.branchFilter).test(push.ref.replace(/^refs\/heads\//, ''));
  }
  const groups = webhook.filterGroups ?? [];
  return groups.length === 0 || groups.some((group) => group.every((filter) => passesFilter(filter, push)));
}

function passesFilter({ type, pattern = '', excludeMatchedPattern }: WebhookFilter, push: Push): boolean {
  if (type === 'EVENT') return pattern.split(',').some((event) => event.trim() === 'PUSH');
  const matches = valuesOf(type, push).some((value) => new RegExp(pattern).test(value));
  return matches !== (excludeMatchedPattern ?? false);
}

function valuesOf(type: WebhookFilter['type'], push: Push): string[] {
  if (type === 'HEAD_REF') return [push.ref];
  if (type === 'FILE_PATH') return push.files;
  if (type === 'ACTOR_ACCOUNT_ID') return [push.actor];
  if (type === 'COMMIT_MESSAGE') return [push.message];
  // BASE_REF and the like belong to pull requests, which never get here.
  return [];
}

const SUPPORTED = ['EVENT', 'HEAD_REF', 'FILE_PATH', 'ACTOR_ACCOUNT_ID', 'COMMIT_MESSAGE', 'BASE_REF'];

/** "A filter group must contain at least one EVENT filter"; patterns are regular expressions. */
export function checkFilterGroups(groups: WebhookFilter[][] = []): void {
  for (const group of groups) {
    if (!group.some(({ type }) => type === 'EVENT')) {
      throw invalidInput('Each filter group must contain at least one EVENT filter');
    }
    for (const { type = '', pattern = '' } of group) {
      if (!SUPPORTED.includes(type))
        throw invalidInput(`Webhook filter type ${type} is not supported by the sandbox`);
      try {
        new RegExp(pattern);
      } catch {
        throw invalidInput(`Webhook filter pattern is not a valid regular expression: ${pattern}`);
      }
    }
  }
}
