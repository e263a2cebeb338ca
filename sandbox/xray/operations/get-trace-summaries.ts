import type { GetTraceSummariesRequest, GetTraceSummariesResult } from '@aws-sdk/client-xray';
import { AwsError } from '#sandbox/core/errors.ts';
import { type AnnotationFilter, parseFilter } from '../filter.ts';
import { partsOf, type SegmentDocument } from '../segment.ts';
import type { TraceStore } from '../store.ts';
import { summarize } from '../summary.ts';

/** The traces that began in the given time, which their ids say, in one page. */
export function getTraceSummaries(store: TraceStore) {
  return (input: GetTraceSummariesRequest): GetTraceSummariesResult => {
    if ((input.TimeRangeType ?? 'TraceId') !== 'TraceId')
      throw unsupported(`TimeRangeType ${input.TimeRangeType}`);
    if (input.Sampling === true) throw unsupported('Sampling');
    const filter = parseFilter(input.FilterExpression);
    const [from, to] = [input.StartTime, input.EndTime].map((time) => (time?.getTime() ?? 0) / 1000);
    const found = store.all().filter(({ id }) => {
      const second = Number.parseInt(id.split('-')[1] ?? '', 16);
      return second >= Math.floor(from ?? 0) && second <= (to ?? 0);
    });
    const summaries = found
      .map(({ id, segments }) => ({ id, segments: segments() }))
      .filter(({ segments }) => matches(segments, filter))
      .map(({ id, segments }) => summarize(id, segments));
    return { TraceSummaries: summaries, TracesProcessedCount: found.length };
  };
}

/** Each annotation somewhere in the trace: X-Ray filters traces, not segments. */
function matches(segments: SegmentDocument[], filter: AnnotationFilter[]): boolean {
  const annotations = segments.flatMap(partsOf).map((part) => part.annotations ?? {});
  return filter.every(({ key, value }) => annotations.some((each) => each[key] === value));
}

const unsupported = (what: string) =>
  new AwsError('InvalidRequestException', `This sandbox does not support ${what}`);
