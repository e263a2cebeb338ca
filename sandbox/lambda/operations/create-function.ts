import type { CreateFunctionRequest, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import { describeVersion } from '../configuration.ts';
import { type FunctionVersion, parseReference } from '../function-store.ts';
import { defaultSettings, invalid, mergeSettings } from '../settings.ts';
import type { LambdaState } from '../state.ts';
import { readCode } from './read-code.ts';

export function createFunction(state: LambdaState): Operation<CreateFunctionRequest, FunctionConfiguration> {
  return async (input) => {
    const { context, needs, store } = state;
    const { name } = parseReference(input.FunctionName ?? '');
    if (store.records.has(name)) {
      throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, {
        httpStatus: 409,
        fields: { Type: 'User' },
      });
    }
    const settings = mergeSettings(defaultSettings(name), input as CreateFunctionRequest & { Role: string });
    if (!needs.iam.roleExists(settings.role))
      throw invalid('The role defined for the function cannot be assumed by Lambda.');
    const latest: FunctionVersion = {
      functionName: name,
      version: '$LATEST',
      arn: store.arnOf(name),
      settings,
      code: await readCode(state, input.Code ?? {}),
      lastModified: context.clock.now(),
      revisionId: context.random.uuid(),
    };
    store.records.set(name, {
      name,
      arn: latest.arn,
      latest,
      versions: [],
      policy: [],
      tags: input.Tags ?? {},
    });
    return describeVersion(latest);
  };
}
