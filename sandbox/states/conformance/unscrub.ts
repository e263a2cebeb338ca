import { isObject, type Json } from '../json.ts';
import { detailsOf, endOf, type Recording, textOf } from './recording.ts';

/**
 * Timestamps that an execution was given were scrubbed, and what they were decides what happens. They are put
 * back so that they fit what AWS was recorded to answer: the value quoted in the failure's cause where it is
 * there, else one of the kind that the outcome tells. (That way such a case shows that the engine words and
 * orders the outcome as AWS does, not that it classifies the lost value.)
 */
export function restoredInput(recording: Recording, now: number): string {
  const { input } = recording;
  if (!mentionsTime(input)) return textOf(input);
  return JSON.stringify(replaceTimes(input, lostTime(recording, now)));
}

const SCRUBBED = new Set(['date', 'timestamp', '<timestamp>', '<date>']);

function mentionsTime(value: Json): boolean {
  if (typeof value === 'string') return SCRUBBED.has(value);
  if (Array.isArray(value)) return value.some(mentionsTime);
  return isObject(value) && Object.values(value).some(mentionsTime);
}

function replaceTimes(value: Json, time: string): Json {
  if (typeof value === 'string') return SCRUBBED.has(value) ? time : value;
  if (Array.isArray(value)) return value.map((item) => replaceTimes(item, time));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replaceTimes(member, time)]));
}

const DAY = 86_400_000;
const NO_OFFSET = '2016-12-05T21:29:29';

function lostTime(recording: Recording, now: number): string {
  const end = endOf(recording);
  const cause = end ? String(detailsOf(end).cause ?? '') : '';
  const quoted = /^.*(?: == |format string: )(\S.*)$/.exec(cause)?.[1];
  if (quoted !== undefined) return SCRUBBED.has(quoted) ? NO_OFFSET : quoted;
  if (cause.includes('delay is too long')) return new Date(now + 24_856 * DAY).toISOString();
  return new Date(now + (end ? 1_000 : 24_855 * DAY)).toISOString();
}
