import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../json.ts';
import { sameJsonText, sameValue } from './placeholders.ts';
import { detailsOf, endOf, type RecordedEvent, type Recording } from './recording.ts';

/** Members of event details that are JSON texts on AWS's wire. */
const JSON_TEXTS = new Set(['input', 'output', 'parameters', 'cause']);

/** The first difference between a recording and a replay, or nothing. */
export function difference(recording: Recording, events: readonly HistoryEvent[]): string | undefined {
  let position = 0;
  const recorded = recording.events;
  for (let at = 0; at < recorded.length; ) {
    const group = sortedFrom(recorded, at);
    const first = recorded[at];
    if (first === undefined) break;
    if (group.length > 0) {
      const missing = unmatched(group, events.slice(position, position + group.length));
      if (missing) return missing;
      position += group.length;
      at += group.length;
      continue;
    }
    // Ids that the recording skips belong to events that were not kept.
    position = Math.max(position, Number(first.id) - 1);
    const problem = unequal(first, events[position], true);
    if (problem) return problem;
    position += 1;
    at += 1;
  }
  const surplus = endOf(recording) && events[position];
  return surplus ? `event ${surplus.id} ${surplus.type} was not recorded` : undefined;
}

/** The run of sorted events (`[0]`) that begins here. */
function sortedFrom(events: RecordedEvent[], at: number): RecordedEvent[] {
  const end = events.findIndex((event, index) => index >= at && typeof event.id === 'number');
  return events.slice(at, end === -1 ? undefined : end);
}

/** Compares as multisets. */
function unmatched(recorded: RecordedEvent[], actual: readonly HistoryEvent[]): string | undefined {
  const left = [...actual];
  for (const event of recorded) {
    const index = left.findIndex((candidate) => unequal(event, candidate, false) === undefined);
    if (index === -1) return `no event like the recorded ${event.type} ${JSON.stringify(detailsOf(event))}`;
    left.splice(index, 1);
  }
  return undefined;
}

function unequal(
  recorded: RecordedEvent,
  actual: HistoryEvent | undefined,
  placed: boolean,
): string | undefined {
  const where = `event ${recorded.id}`;
  if (actual === undefined) return `${where}: recorded ${recorded.type}, but the replay has no such event`;
  if (recorded.type !== actual.type)
    return `${where}: recorded ${recorded.type}, but replayed ${actual.type}`;
  if (placed && recorded.previousEventId !== actual.previousEventId) {
    return `${where} ${recorded.type}: recorded behind ${recorded.previousEventId}, but replayed behind ${actual.previousEventId}`;
  }
  const [left, right] = [detailsOf(recorded), detailsOf(actual)];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (!sameMember(key, left[key], right[key])) {
      return `${where} ${recorded.type}.${key}: recorded ${shorten(left[key])}, but replayed ${shorten(right[key])}`;
    }
  }
  return undefined;
}

function sameMember(key: string, recorded: Json | undefined, actual: Json | undefined): boolean {
  if (key === 'region') return true;
  if (key !== 'assignedVariables') {
    return JSON_TEXTS.has(key) ? sameJsonText(recorded, actual) : sameValue(recorded, actual);
  }
  const [left, right] = [recorded as JsonObject, actual as JsonObject];
  return (
    Object.keys(left ?? {}).length === Object.keys(right ?? {}).length &&
    Object.keys(left ?? {}).every((name) => sameJsonText(left[name], right[name]))
  );
}

function shorten(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
