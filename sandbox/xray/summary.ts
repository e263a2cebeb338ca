import type { TraceSummary } from '@aws-sdk/client-xray';
import { partsOf, type SegmentDocument } from './segment.ts';

const startOf = (segments: SegmentDocument[]) => Math.min(...segments.map((each) => each.start_time));

/** In seconds, from the first start to the last end that is known. */
export const durationOf = (segments: SegmentDocument[]): number =>
  Math.max(...segments.map((each) => each.end_time ?? each.start_time)) - startOf(segments);

export function summarize(id: string, segments: SegmentDocument[]): TraceSummary {
  const parts = segments.flatMap(partsOf);
  const has = (flag: 'fault' | 'error' | 'throttle') => parts.some((part) => part[flag] === true);
  return {
    Id: id,
    StartTime: new Date(startOf(segments) * 1000),
    Duration: durationOf(segments),
    HasFault: has('fault'),
    HasError: has('error'),
    HasThrottle: has('throttle'),
    IsPartial: parts.some((part) => part.in_progress === true),
    Annotations: annotationsOf(segments),
    ServiceIds: segments.map(({ name, origin }) => ({
      Name: name,
      Names: [name],
      ...(origin && { Type: origin }),
    })),
  };
}

/** Every value that an annotation has in the trace, with the services that gave it. */
function annotationsOf(segments: SegmentDocument[]): NonNullable<TraceSummary['Annotations']> {
  const annotations: NonNullable<TraceSummary['Annotations']> = {};
  for (const segment of segments) {
    const service = {
      Name: segment.name,
      Names: [segment.name],
      ...(segment.origin && { Type: segment.origin }),
    };
    for (const [key, value] of partsOf(segment).flatMap((part) => Object.entries(part.annotations ?? {}))) {
      annotations[key] = [
        ...(annotations[key] ?? []),
        { AnnotationValue: annotationValue(value), ServiceIds: [service] },
      ];
    }
  }
  return annotations;
}

function annotationValue(value: string | number | boolean) {
  if (typeof value === 'string') return { StringValue: value };
  return typeof value === 'number' ? { NumberValue: value } : { BooleanValue: value };
}
