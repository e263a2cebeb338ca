import { parseTimestamp } from '../interpreter/data/timestamps.ts';
import type { JsonObject } from '../json.ts';
import { MAX_SECONDS_FIELD } from '../limits.ts';
import type { Report } from './problems.ts';

const FORMS = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'];

export function checkWait(state: JsonObject, location: string, report: Report): void {
  if (FORMS.filter((field) => state[field] !== undefined).length !== 1) {
    report('SCHEMA_VALIDATION_FAILED', `A Wait state has exactly one of ${FORMS.join(', ')}`, location);
  }
  const { Seconds, Timestamp } = state;
  if (
    typeof Seconds === 'number' &&
    (!Number.isInteger(Seconds) || Seconds < 0 || Seconds > MAX_SECONDS_FIELD)
  ) {
    const message = `Seconds must be an integer from 0 to ${MAX_SECONDS_FIELD}`;
    report('SCHEMA_VALIDATION_FAILED', message, `${location}/Seconds`);
  }
  const expression = typeof Timestamp === 'string' && Timestamp.startsWith('{%');
  if (Timestamp !== undefined && !expression && parseTimestamp(String(Timestamp)) === undefined) {
    const message = 'Timestamp must be an ISO-8601 extended offset date-time';
    report('SCHEMA_VALIDATION_FAILED', message, `${location}/Timestamp`);
  }
}
