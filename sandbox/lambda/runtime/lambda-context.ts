import type { Context } from 'aws-lambda';
import type { InvokeMessage, RuntimeSettings } from './messages.ts';

/** The second argument of a handler, as the nodejs24.x runtime makes it: done, fail and succeed are gone. */
export type HandlerContext = Omit<Context, 'done' | 'fail' | 'succeed'>;

export function lambdaContext(
  settings: Omit<RuntimeSettings, 'taskRoot' | 'handler'>,
  invocation: Pick<InvokeMessage, 'requestId' | 'invokedFunctionArn'>,
  remainingMilliseconds: () => number,
): HandlerContext {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: settings.functionVersion,
    invokedFunctionArn: invocation.invokedFunctionArn,
    memoryLimitInMB: settings.memoryLimitInMB,
    awsRequestId: invocation.requestId,
    logGroupName: settings.logGroupName,
    logStreamName: settings.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(remainingMilliseconds())),
  };
}
