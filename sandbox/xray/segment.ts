/** A segment document ("AWS X-Ray segment documents" in the X-Ray guide); times are seconds since the epoch. */
export interface SegmentDocument {
  trace_id: string;
  id: string;
  name: string;
  start_time: number;
  end_time?: number;
  in_progress?: boolean;
  /** `subsegment`: sent on its own, before or after the segment that it is a part of. */
  type?: string;
  parent_id?: string;
  origin?: string;
  fault?: boolean;
  error?: boolean;
  throttle?: boolean;
  annotations?: Record<string, string | number | boolean>;
  subsegments?: Subsegment[];
  namespace?: string;
  resource_arn?: string;
  aws?: Record<string, unknown>;
}

/** A part of a segment, inside its document: the trace is the segment's. */
export type Subsegment = Omit<SegmentDocument, 'trace_id'> & { trace_id?: string };

/** Reads a document as the daemon sent it; text instead of a document says what is wrong with it. */
export function parseSegment(text: string): SegmentDocument | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (typeof document !== 'object' || document === null) return 'it is no object';
  const segment = document as Partial<SegmentDocument>;
  if (!/^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(String(segment.trace_id))) return 'trace_id is malformed';
  if (!/^[0-9a-f]{16}$/.test(String(segment.id))) return 'id is malformed';
  if (typeof segment.name !== 'string' || segment.name === '') return 'name is missing';
  if (typeof segment.start_time !== 'number') return 'start_time is missing';
  if (segment.type === 'subsegment' && segment.parent_id === undefined) return 'parent_id is missing';
  const isOpen = typeof segment.end_time !== 'number';
  if (isOpen && segment.in_progress !== true) return 'it has neither end_time nor in_progress';
  return segment as SegmentDocument;
}

/** A segment or subsegment and all its parts, itself first. */
export const partsOf = (segment: Subsegment): Subsegment[] => [
  segment,
  ...(segment.subsegments ?? []).flatMap(partsOf),
];
