const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `0.4 s`, `42 s`, `2 min 05 s`, `1 h 02 min`, `3 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  const time = Math.max(0, milliseconds);
  if (time < 10 * SECOND) return `${(Math.floor(time / 100) / 10).toFixed(1)} s`;
  const [days, hours] = [Math.floor(time / DAY), Math.floor((time % DAY) / HOUR)];
  const [minutes, seconds] = [Math.floor((time % HOUR) / MINUTE), Math.floor((time % MINUTE) / SECOND)];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  if (minutes > 0) return `${minutes} min ${String(seconds).padStart(2, '0')} s`;
  return `${Math.floor(time / SECOND)} s`;
}

export const formatBetween = (from: string, to: string | number) =>
  formatDuration(new Date(to).getTime() - Date.parse(from));
export const formatAgo = (instant: string, now: number) => `${formatBetween(instant, now)} ago`;

/** `2030-01-31 12:00:07Z`: in UTC, as the API, the console's API and the logs have it. */
export const formatMoment = (instant: string) => `${instant.slice(0, 10)} ${instant.slice(11, 19)}Z`;
/** `12:00:07`, in UTC. */
export const formatClock = (instant: string | number) => new Date(instant).toISOString().slice(11, 19);

/** `…:task-definition/webapp:8` → `webapp:8`. */
export const revisionOf = (arn: string) => arn.split('/').at(-1) ?? arn;
/** The beginning of a task's id, which is at the end of its ARN. */
export const shortenTask = (arn: string) => (arn.split('/').at(-1) ?? arn).slice(0, 8);
export const shortenCommit = (commit: string) => commit.slice(0, 7);
export const shortenDigest = (digest: string) => digest.slice(0, 'sha256:'.length + 12);

/** Whoever did it: the name at the end of an ARN, as IAM users and role sessions have it, or that of git's `Jane <jane@…>`. */
export const personOf = (identity: string) =>
  identity.startsWith('arn:')
    ? (identity.split(/[/:]/).at(-1) ?? identity)
    : identity.replace(/ *<[^>]*>$/, '') || identity;

export const pluralize = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
