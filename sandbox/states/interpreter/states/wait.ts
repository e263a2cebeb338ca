import type { Json } from '../../json.ts';
import { MAX_WAIT_SECONDS } from '../../limits.ts';
import { type Exit, effectiveInput, leaveWithInput } from '../data/flow.ts';
import { evaluateTyped, evaluationFailure } from '../data/jsonata.ts';
import { optionalValueAt } from '../data/jsonpath.ts';
import { asInteger, jsonataInteger } from '../data/numbers.ts';
import { parseTimestamp } from '../data/timestamps.ts';
import { type Frame, runtimeFailure } from '../frame.ts';
import { waitUntil } from '../timers.ts';

export async function runWait(frame: Frame): Promise<Exit> {
  const { clock } = frame.line.run.environment;
  const until = (await secondsFromNow(frame)) ?? (await timestamp(frame));
  if (until - clock.now() > MAX_WAIT_SECONDS * 1000) {
    throw runtimeFailure(frame, 'Wait state delay is too long.');
  }
  await waitUntil(clock, until, frame.signal);
  return leaveWithInput(frame);
}

/** The end of a wait by Seconds or SecondsPath. */
async function secondsFromNow(frame: Frame): Promise<number | undefined> {
  const { Seconds, SecondsPath } = frame.state;
  const now = frame.line.run.environment.clock.now();
  if (typeof Seconds === 'number') return now + Seconds * 1000;
  if (Seconds !== undefined) return now + (await jsonataInteger(frame, Seconds, 'Seconds')) * 1000;
  if (SecondsPath === undefined) return undefined;
  return now + secondsAt(frame, SecondsPath) * 1000;
}

function secondsAt(frame: Frame, path: string): number {
  const value = referenced(frame, 'SecondsPath', path);
  const seconds = asInteger(value);
  const shown = `${path} == ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  if (seconds === undefined) {
    throw runtimeFailure(frame, `The SecondsPath parameter cannot be parsed as a long value: ${shown}`);
  }
  if (seconds < 0) {
    throw runtimeFailure(frame, `The SecondsPath parameter references a negative value: ${shown}`);
  }
  return seconds;
}

/** The end of a wait by Timestamp or TimestampPath. */
async function timestamp(frame: Frame): Promise<number> {
  const { Timestamp, TimestampPath } = frame.state;
  if (TimestampPath !== undefined) return timestampAt(frame, TimestampPath);
  const text =
    frame.queryLanguage === 'JSONata'
      ? await evaluateTyped(frame, Timestamp ?? '', 'Timestamp', 'string')
      : (Timestamp ?? '');
  const time = parseTimestamp(String(text));
  if (time !== undefined) return time;
  const message = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
  if (frame.queryLanguage === 'JSONPath') throw runtimeFailure(frame, message);
  throw evaluationFailure(frame, message, { location: 'Timestamp', atEntry: false });
}

function timestampAt(frame: Frame, path: string): number {
  const value = referenced(frame, 'TimestampPath', path);
  const time = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (time !== undefined) return time;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  throw runtimeFailure(
    frame,
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${shown}`,
  );
}

function referenced(frame: Frame, field: string, path: string): Json {
  const value = optionalValueAt(frame, path, effectiveInput(frame));
  if (value !== undefined) return value;
  throw runtimeFailure(frame, `The ${field} parameter does not reference an input value: ${path}`);
}
