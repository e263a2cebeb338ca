const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const TIME = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** `90s`, `30m`, `2h`, `3d` from now, or a time with its zone; undefined for what is neither. */
export function parseUntil(text: string): ((now: number) => string) | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  if (unit !== undefined) return (now) => formatInstant(now + Number(count) * (UNITS[unit] ?? 0));
  const [, day] = TIME.exec(text) ?? [];
  const time = Date.parse(text);
  return day !== undefined && isDay(day) && !Number.isNaN(time) ? () => formatInstant(time) : undefined;
}

/** JavaScript takes the 31st of February for the 3rd of March. */
function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(midnight) && formatInstant(midnight).startsWith(day);
}

const formatInstant = (time: number) => new Date(time).toISOString();
