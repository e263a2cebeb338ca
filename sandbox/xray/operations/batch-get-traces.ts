import type { BatchGetTracesRequest, BatchGetTracesResult } from '@aws-sdk/client-xray';
import type { TraceStore } from '../store.ts';
import { durationOf } from '../summary.ts';

/** All traces in one page. A trace that nothing is known of is left out. */
export function batchGetTraces(store: TraceStore) {
  return ({ TraceIds = [] }: BatchGetTracesRequest): BatchGetTracesResult => ({
    Traces: TraceIds.flatMap((id) => {
      const segments = store.get(id)?.segments();
      if (segments === undefined) return [];
      return [
        {
          Id: id,
          Duration: durationOf(segments),
          LimitExceeded: false,
          Segments: segments.map((segment) => ({ Id: segment.id, Document: JSON.stringify(segment) })),
        },
      ];
    }),
    UnprocessedTraceIds: [],
  });
}
