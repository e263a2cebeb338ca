import type { SandboxContext } from './service.ts';

/** The trace that a request belongs to, as the header X-Amzn-Trace-Id says it. */
export interface TraceHeader {
  /** `1-` the second in which the trace began, `-` 24 hexadecimal digits. */
  root: string;
  /** The segment or subsegment that made the request. */
  parent?: string;
  /** Absent: whoever receives it decides. */
  sampled?: boolean;
}

/** Reads `Root=…;Parent=…;Sampled=1` in any order; undefined for what names no trace. */
export function parseTraceHeader(text: string | undefined): TraceHeader | undefined {
  const fields = new Map(
    (text ?? '').split(';').map((field) => {
      const [name = '', value = ''] = field.split('=');
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
  const [root, parent, sampled] = ['root', 'parent', 'sampled'].map((name) => fields.get(name));
  if (root === undefined || !/^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(root)) return undefined;
  return {
    root,
    ...(parent === undefined ? {} : { parent }),
    ...(sampled === '0' || sampled === '1' ? { sampled: sampled === '1' } : {}),
  };
}

export const formatTraceHeader = ({ root, parent, sampled }: TraceHeader): string =>
  [
    `Root=${root}`,
    ...(parent === undefined ? [] : [`Parent=${parent}`]),
    ...(sampled === undefined ? [] : [`Sampled=${sampled ? 1 : 0}`]),
  ].join(';');

export function newTraceId({ clock, random }: Pick<SandboxContext, 'clock' | 'random'>): string {
  const second = Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${second}-${random.hex(24)}`;
}

/** The id of a segment or a subsegment. */
export const newSegmentId = ({ random }: Pick<SandboxContext, 'random'>): string => random.hex(16);
