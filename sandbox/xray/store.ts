import { partsOf, type SegmentDocument } from './segment.ts';

export interface Trace {
  id: string;
  /** Of every segment that has been received, oldest first, with the subsegments that came on their own in place. */
  segments(): SegmentDocument[];
}

export interface TraceStore {
  /** Keeps a segment; one of the same id is replaced: it was in progress. */
  put(segment: SegmentDocument): void;
  get(traceId: string): Trace | undefined;
  all(): Trace[];
}

/** AWS keeps traces for 30 days; here the newest of them. */
const MOST_TRACES = 10_000;

export function createTraceStore(): TraceStore {
  const traces = new Map<string, Map<string, SegmentDocument>>();
  const traceOf = (id: string, received: Map<string, SegmentDocument>): Trace => ({
    id,
    segments: () => assemble([...received.values()]),
  });
  return {
    put(segment) {
      const received = traces.get(segment.trace_id) ?? new Map<string, SegmentDocument>();
      received.set(segment.id, segment);
      traces.set(segment.trace_id, received);
      const [oldest] = traces.keys();
      if (traces.size > MOST_TRACES && oldest !== undefined) traces.delete(oldest);
    },
    get(traceId) {
      const received = traces.get(traceId);
      return received === undefined ? undefined : traceOf(traceId, received);
    },
    all: () => [...traces].map(([id, received]) => traceOf(id, received)),
  };
}

/** Puts subsegments into what they are parts of; one whose parent never came stands for itself. */
function assemble(received: SegmentDocument[]): SegmentDocument[] {
  const copies = structuredClone(received).sort((one, other) => one.start_time - other.start_time);
  const parts = new Map(copies.flatMap(partsOf).map((part) => [part.id, part]));
  return copies.filter((segment) => {
    const parent = segment.type === 'subsegment' ? parts.get(segment.parent_id ?? '') : undefined;
    if (parent === undefined) return true;
    parent.subsegments = [...(parent.subsegments ?? []), segment];
    return false;
  });
}
