import { isObject, type Json, type JsonObject, parseJson } from '../../json.ts';
import { exceedsPayloadLimit } from '../../limits.ts';
import type { Callback, TaskCall } from '../environment.ts';
import { dataLimitExceeded, StateError } from '../errors.ts';
import { type Frame, runtimeFailure } from '../frame.ts';
import { withDeadline } from './deadline.ts';
import { type TaskEvents, taskEvents } from './events.ts';
import type { TaskResource } from './resource.ts';

export interface Work {
  frame: Frame;
  resource: TaskResource;
  input: Json;
  timeout: number | undefined;
  heartbeat: number | undefined;
  callback: Callback | undefined;
}

/** Schedules the work, waits for its result and writes both into the history. */
export async function perform(work: Work): Promise<string> {
  const { frame, resource, timeout, heartbeat } = work;
  const { environment } = frame.line.run;
  const call = callOf(work);
  const events = taskEvents(frame.line.cursor, resource, environment.region);
  events.scheduled(work.input, {
    ...(timeout === undefined ? {} : { timeout }),
    ...(heartbeat === undefined ? {} : { heartbeat }),
  });
  events.started();
  try {
    const result = await withDeadline(environment.clock, timeout, frame.signal, (signal, expire) =>
      resultOf(work, { ...call, signal }, events, expire),
    );
    if (exceedsPayloadLimit(result)) {
      // Recorded: a result that is too large can be caught by States.ALL.
      throw dataLimitExceeded(resource.kind === 'function' ? resource.arn : 'lambda', 'any');
    }
    events.succeeded(result);
    return result;
  } catch (error) {
    frame.signal.throwIfAborted();
    const failure = asFailure(error);
    if (failure.error === 'States.Timeout') events.timedOut(failure);
    else events.failed(failure);
    throw failure;
  }
}

/** The invocation's result, or with a token the output that somebody sends. */
async function resultOf(
  { frame, heartbeat, callback }: Work,
  call: TaskCall,
  events: TaskEvents,
  expire: (seconds: number) => { restart(): void },
): Promise<string> {
  const { tasks } = frame.line.run.environment;
  const result = await tasks.invoke(call);
  if (callback === undefined) return result;
  call.signal.throwIfAborted();
  events.submitted(result);
  // The heartbeat clock starts only now that the function has returned.
  if (heartbeat !== undefined) {
    const timer = expire(heartbeat);
    callback.onHeartbeat(() => timer.restart());
  }
  return callback.settled;
}

function callOf({ frame, resource, input }: Work): Omit<TaskCall, 'signal'> {
  const { name: stateName } = frame;
  if (resource.kind === 'function') {
    const payload = JSON.stringify(input);
    return { stateName, kind: resource.kind, functionName: resource.arn, payload, parameters: {} };
  }
  const parameters: JsonObject = isObject(input) ? input : {};
  const { FunctionName: functionName, Payload } = parameters;
  if (typeof functionName !== 'string') {
    throw runtimeFailure(frame, "The field 'FunctionName' is required but was missing");
  }
  return { stateName, kind: resource.kind, functionName, payload: payloadText(Payload), parameters };
}

/** Recorded: a string that is JSON text is sent as it stands, so that the function receives what it spells. */
function payloadText(payload: Json | undefined): string {
  if (typeof payload === 'string' && parseJson(payload) !== undefined) return payload;
  return JSON.stringify(payload ?? {});
}

function asFailure(error: unknown): StateError {
  if (error instanceof StateError) return error;
  return new StateError('States.Runtime', error instanceof Error ? error.message : String(error), {
    handling: 'none',
  });
}
