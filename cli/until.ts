const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `2h`, `3d` from now, or a time with its zone; undefined for what is neither. */
export function parseUntil(text: string): ((now: number) => string) | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (unit !== undefined) return (now) => instant(now + Number(count) * (UNITS[unit] ?? 0));
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = Date.parse(text);
  return isTime && !Number.isNaN(time) ? () => instant(time) : undefined;
}

const instant = (time: number) => new Date(time).toISOString();
