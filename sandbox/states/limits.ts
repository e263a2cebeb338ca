/** Quotas of a STANDARD execution (Step Functions Developer Guide, "Service quotas"). */

/** Input or output of a state, a task or an execution, in UTF-8 bytes. */
export const MAX_PAYLOAD_BYTES = 262_144;

export const MAX_HISTORY_EVENTS = 25_000;

/** An execution whose history has come this far can not be redriven: there is no room for what would follow. */
export const MAX_REDRIVABLE_EVENTS = 24_999;

/** The longest Wait: recorded executions fail with "Wait state delay is too long." from 24,856 days on. */
export const MAX_WAIT_SECONDS = 2 ** 31 - 1;

/** The most that TimeoutSeconds, HeartbeatSeconds and Seconds may say. */
export const MAX_SECONDS_FIELD = 99_999_999;

const DAY = 86_400_000;
export const REDRIVABLE_PERIOD_MS = 14 * DAY;
export const MAX_EXECUTION_TIME_MS = 365 * DAY;
/** A closed execution's name is free again, and its history gone, after 90 days. */
export const EXECUTION_RETENTION_MS = 90 * DAY;

export function exceedsPayloadLimit(text: string): boolean {
  return text.length > MAX_PAYLOAD_BYTES || Buffer.byteLength(text) > MAX_PAYLOAD_BYTES;
}
