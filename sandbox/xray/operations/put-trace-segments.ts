import type { PutTraceSegmentsRequest, PutTraceSegmentsResult } from '@aws-sdk/client-xray';
import { parseSegment } from '../segment.ts';
import type { TraceStore } from '../store.ts';

/** Takes what it can read, and names what it cannot. */
export function putTraceSegments(store: TraceStore) {
  return ({ TraceSegmentDocuments = [] }: PutTraceSegmentsRequest): PutTraceSegmentsResult => ({
    UnprocessedTraceSegments: TraceSegmentDocuments.flatMap((text) => {
      const segment = parseSegment(text);
      if (typeof segment === 'string')
        return [{ ErrorCode: 'ParseError', Message: `Invalid segment: ${segment}` }];
      store.put(segment);
      return [];
    }),
  });
}
