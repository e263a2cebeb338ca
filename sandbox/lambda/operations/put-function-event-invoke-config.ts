import type {
  FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigRequest,
  PutFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import { isPublishable } from '#sandbox/core/publish.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { FunctionRecord } from '../function-store.ts';
import { invalid } from '../settings.ts';
import type { LambdaState } from '../state.ts';

export function putFunctionEventInvokeConfig({
  context,
  store,
}: LambdaState): Operation<PutFunctionEventInvokeConfigRequest, FunctionEventInvokeConfig> {
  return (input) => {
    const record = store.get(input.FunctionName ?? '');
    const onFailure = input.DestinationConfig?.OnFailure?.Destination;
    const onSuccess = input.DestinationConfig?.OnSuccess?.Destination;
    for (const destination of [onFailure, onSuccess]) {
      if (destination !== undefined && !isPublishable(destination)) {
        throw invalid(`This sandbox sends to SNS topics and SQS queues only, not to ${destination}`);
      }
    }
    record.asyncSettings = {
      maximumRetryAttempts: input.MaximumRetryAttempts ?? 2,
      maximumEventAgeInSeconds: input.MaximumEventAgeInSeconds ?? 21_600,
      ...(onFailure === undefined ? {} : { onFailure }),
      ...(onSuccess === undefined ? {} : { onSuccess }),
      lastModified: context.clock.now(),
    };
    return describe(record);
  };
}

export function getFunctionEventInvokeConfig({
  store,
}: LambdaState): Operation<GetFunctionEventInvokeConfigRequest, FunctionEventInvokeConfig> {
  return (input) => describe(store.get(input.FunctionName ?? ''));
}

function describe({ arn, name, asyncSettings }: FunctionRecord): FunctionEventInvokeConfig {
  if (asyncSettings === undefined) {
    throw new AwsError(
      'ResourceNotFoundException',
      `The function ${name} doesn't have an EventInvokeConfig`,
      {
        httpStatus: 404,
      },
    );
  }
  return {
    FunctionArn: `${arn}:$LATEST`,
    LastModified: new Date(asyncSettings.lastModified),
    MaximumRetryAttempts: asyncSettings.maximumRetryAttempts,
    MaximumEventAgeInSeconds: asyncSettings.maximumEventAgeInSeconds,
    DestinationConfig: {
      OnFailure: { Destination: asyncSettings.onFailure },
      OnSuccess: { Destination: asyncSettings.onSuccess },
    },
  };
}
