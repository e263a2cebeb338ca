import type { FunctionConfiguration, PublishVersionRequest } from '@aws-sdk/client-lambda';
import type { Operation } from '#sandbox/core/service.ts';
import { describeVersion } from '../configuration.ts';
import type { LambdaState } from '../state.ts';

/** Freezes `$LATEST` under the next number; without a change since the last one, that one is answered. */
export function publishVersion({
  context,
  store,
}: LambdaState): Operation<PublishVersionRequest, FunctionConfiguration> {
  return (input) => {
    const record = store.get(input.FunctionName ?? '');
    const { latest, versions } = record;
    const newest = versions.at(-1);
    if (newest?.code === latest.code && newest.settings === latest.settings) return describeVersion(newest);
    const number = String(Number(newest?.version ?? 0) + 1);
    const published = {
      ...latest,
      version: number,
      arn: `${record.arn}:${number}`,
      revisionId: context.random.uuid(),
    };
    versions.push(published);
    return describeVersion(published);
  };
}
