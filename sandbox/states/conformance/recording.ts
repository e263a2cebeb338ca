import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { StateMachineDefinition } from '../interpreter/definition.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** An execution as it was recorded: names and times are placeholders, JSON texts are decoded one level. */
export interface Recording {
  id: string;
  definition: StateMachineDefinition;
  /** The input, or its text where that is not an object's. */
  input: Json;
  events: RecordedEvent[];
}

export interface RecordedEvent {
  /** `[0]` for the events inside a Parallel or a concurrent Map, which are sorted. */
  id: number | string;
  previousEventId?: number;
  type: NonNullable<HistoryEvent['type']>;
  timestamp?: string;
  [details: string]: unknown;
}

/** The members of the event's own details. */
export function detailsOf(event: RecordedEvent | HistoryEvent): JsonObject {
  const details = Object.entries(event).find(([key]) => key.endsWith('EventDetails'))?.[1];
  return isObject(details) ? details : {};
}

/** The JSON text that a decoded member stood for. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const ENDS = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'];

/** The event that closed the execution; nothing where the recording stops early. */
export function endOf(recording: Recording): RecordedEvent | undefined {
  const last = recording.events.at(-1);
  return last && ENDS.includes(last.type) ? last : undefined;
}
