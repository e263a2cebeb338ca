import type { RuntimeConfig } from '#sandbox/ecr/manifest.ts';
import { execForm } from '../dockerfile/properties.ts';
import { parseError } from '../errors.ts';

const UNITS: Record<string, number> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** HEALTHCHECK as an image records it: durations in nanoseconds. */
export function healthcheck(
  text: string,
  flags: Record<string, string>,
  line: number,
): RuntimeConfig['Healthcheck'] {
  if (/^NONE$/i.test(text)) return { Test: ['NONE'] };
  const command = /^CMD\s+(.*)$/is.exec(text)?.[1];
  if (command === undefined)
    throw parseError(line, `Unknown type "${text.split(/\s/)[0]}" in HEALTHCHECK (try CMD)`);
  const exec = execForm(command);
  return {
    Test: exec ? ['CMD', ...exec] : ['CMD-SHELL', command],
    Interval: nanoseconds(flags.interval, line),
    Timeout: nanoseconds(flags.timeout, line),
    StartPeriod: nanoseconds(flags['start-period'], line),
    Retries: flags.retries === undefined ? undefined : Number(flags.retries),
  };
}

/** A Go duration: 1m30s */
function nanoseconds(duration: string | undefined, line: number): number | undefined {
  if (duration === undefined) return undefined;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) throw parseError(line, `invalid duration "${duration}"`);
  const parts = duration.matchAll(/([\d.]+)(ms|s|m|h)/g);
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
}
