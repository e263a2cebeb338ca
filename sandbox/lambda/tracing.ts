import type { SandboxContext } from '#sandbox/core/service.ts';
import { formatTraceHeader, newSegmentId, newTraceId, parseTraceHeader } from '#sandbox/core/trace.ts';
import type { FunctionVersion } from './function-store.ts';
import type { LambdaXray } from './needs.ts';

/** The trace of one invocation. */
export interface InvocationTrace {
  /** What the function finds in _X_AMZN_TRACE_ID. */
  header: string;
  /** Records what Lambda itself says of the invocation, where it is traced. */
  end(outcome: { initMilliseconds: number | undefined; failed: boolean }): void;
}

/**
 * Goes on with the invoker's trace, or begins one: traced is what the invoker traces, else, with TracingConfig Active,
 * what X-Ray samples. Two segments, as Lambda writes them: of the service (AWS::Lambda), from the request on, and of the
 * function (AWS::Lambda::Function), under which the function's own subsegments hang.
 */
export function traceInvocation(
  context: SandboxContext,
  xray: LambdaXray | undefined,
  { functionName: name, arn, settings }: FunctionVersion,
  invocation: { requestId: string; receivedAt: number; traceHeader: string | undefined },
): InvocationTrace {
  const { clock } = context;
  const { requestId, receivedAt } = invocation;
  const incoming = parseTraceHeader(invocation.traceHeader);
  const root = incoming?.root ?? newTraceId(context);
  const ofFunction = newSegmentId(context);
  const sampled = incoming?.sampled ?? (settings.tracing === 'Active' && xray?.sample() === true);
  const header = formatTraceHeader({ root, parent: ofFunction, sampled });
  if (xray === undefined || !sampled) return { header, end: () => {} };

  const ofService = newSegmentId(context);
  const startedAt = clock.now();
  return {
    header,
    end({ initMilliseconds, failed }) {
      const fault = failed ? { fault: true } : {};
      const end_time = clock.now() / 1000;
      xray.record({
        trace_id: root,
        id: ofService,
        ...(incoming?.parent === undefined ? {} : { parent_id: incoming.parent }),
        name,
        origin: 'AWS::Lambda',
        resource_arn: arn,
        start_time: receivedAt / 1000,
        end_time,
        ...fault,
        aws: { request_id: requestId, resource_names: [name] },
      });
      xray.record({
        trace_id: root,
        id: ofFunction,
        parent_id: ofService,
        name,
        origin: 'AWS::Lambda::Function',
        resource_arn: arn,
        start_time: (startedAt - (initMilliseconds ?? 0)) / 1000,
        end_time,
        ...fault,
        aws: { account_id: context.accountId, function_arn: arn, request_id: requestId },
        ...(initMilliseconds === undefined
          ? {}
          : { subsegments: [initialization(context, startedAt, initMilliseconds)] }),
      });
    },
  };
}

/** The cold start, before the function could begin. */
const initialization = (context: SandboxContext, startedAt: number, milliseconds: number) => ({
  id: newSegmentId(context),
  name: 'Initialization',
  start_time: (startedAt - milliseconds) / 1000,
  end_time: startedAt / 1000,
});
