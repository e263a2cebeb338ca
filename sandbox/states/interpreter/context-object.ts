import type { Json, JsonObject } from '../json.ts';
import type { Identity } from './environment.ts';

export interface ContextValues {
  identity: Identity;
  input: Json;
  startTime: string;
  redriveCount: number;
  redriveTime?: string;
  state: { name: string; enteredTime: string; retryCount?: number };
  /** A Task's context object; see redriveFields. */
  inTask: boolean;
  taskToken?: string;
  mapItem?: { index: number; value: Json };
}

/** The context object (`$$`, `$states.context`), member by member as recorded executions show it. */
export function contextObject(values: ContextValues): JsonObject {
  const { identity, state, mapItem, taskToken } = values;
  return {
    Execution: {
      Id: identity.executionArn,
      Input: values.input,
      StartTime: values.startTime,
      Name: identity.executionName,
      RoleArn: identity.roleArn,
      ...redriveFields(values),
    },
    StateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
    State: {
      Name: state.name,
      EnteredTime: state.enteredTime,
      ...(state.retryCount === undefined ? {} : { RetryCount: state.retryCount }),
    },
    ...(taskToken === undefined ? {} : { Task: { Token: taskToken } }),
    ...(mapItem === undefined ? {} : { Map: { Item: { Index: mapItem.index, Value: mapItem.value } } }),
  };
}

/**
 * Recorded: before a first redrive RedriveCount is 0 in the context object of a Pass state and absent in that
 * of a Task state. RedriveTime is there only after a redrive (documented).
 */
function redriveFields({ redriveCount, redriveTime, inTask }: ContextValues): JsonObject {
  if (redriveCount === 0) return inTask ? {} : { RedriveCount: 0 };
  return { RedriveCount: redriveCount, ...(redriveTime === undefined ? {} : { RedriveTime: redriveTime }) };
}
