import type { Json } from '../../json.ts';
import type { StateError } from '../errors.ts';
import { type Cursor, NOT_TRUNCATED } from '../history.ts';
import type { TaskResource } from './resource.ts';

/** How a Task's progress is written into the history. */
export interface TaskEvents {
  scheduled(input: Json, limits: { timeout?: number; heartbeat?: number }): void;
  started(): void;
  submitted(output: string): void;
  succeeded(output: string): void;
  failed(failure: StateError): void;
  timedOut(failure: StateError): void;
}

export function taskEvents(cursor: Cursor, resource: TaskResource, region: string): TaskEvents {
  return resource.kind === 'function'
    ? functionEvents(cursor, resource.arn)
    : integrationEvents(cursor, resource.kind, region);
}

function inSeconds({ timeout, heartbeat }: { timeout?: number; heartbeat?: number }) {
  return {
    ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
    ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }),
  };
}

function errorAndCause({ error, reason }: StateError) {
  return { ...(error === undefined ? {} : { error }), ...(reason === undefined ? {} : { cause: reason }) };
}

function integrationEvents(cursor: Cursor, resource: string, region: string): TaskEvents {
  const names = { resource, resourceType: 'lambda' };
  return {
    scheduled: (input, limits) =>
      cursor.advance('TaskScheduled', {
        taskScheduledEventDetails: {
          ...names,
          region,
          parameters: JSON.stringify(input),
          ...inSeconds(limits),
        },
      }),
    started: () => cursor.advance('TaskStarted', { taskStartedEventDetails: names }),
    submitted: (output) =>
      cursor.advance('TaskSubmitted', {
        taskSubmittedEventDetails: { ...names, output, outputDetails: NOT_TRUNCATED },
      }),
    succeeded: (output) =>
      cursor.advance('TaskSucceeded', {
        taskSucceededEventDetails: { ...names, output, outputDetails: NOT_TRUNCATED },
      }),
    failed: (failure) =>
      cursor.advance('TaskFailed', { taskFailedEventDetails: { ...names, ...errorAndCause(failure) } }),
    timedOut: (failure) =>
      cursor.advance('TaskTimedOut', { taskTimedOutEventDetails: { ...names, ...errorAndCause(failure) } }),
  };
}

/** Lambda functions have no heartbeat: HeartbeatSeconds is for tokens and activities. */
function functionEvents(cursor: Cursor, resource: string): TaskEvents {
  return {
    scheduled: (input, { timeout }) =>
      cursor.advance('LambdaFunctionScheduled', {
        lambdaFunctionScheduledEventDetails: {
          resource,
          input: JSON.stringify(input),
          inputDetails: NOT_TRUNCATED,
          ...inSeconds({ timeout }),
        },
      }),
    started: () => cursor.advance('LambdaFunctionStarted'),
    submitted: () => undefined,
    succeeded: (output) =>
      cursor.advance('LambdaFunctionSucceeded', {
        lambdaFunctionSucceededEventDetails: { output, outputDetails: NOT_TRUNCATED },
      }),
    failed: (failure) =>
      cursor.advance('LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: errorAndCause(failure) }),
    timedOut: (failure) =>
      cursor.advance('LambdaFunctionTimedOut', {
        lambdaFunctionTimedOutEventDetails: errorAndCause(failure),
      }),
  };
}
