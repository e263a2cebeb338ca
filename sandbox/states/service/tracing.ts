import type { SandboxContext } from '#sandbox/core/service.ts';
import { formatTraceHeader, newSegmentId, newTraceId, parseTraceHeader } from '#sandbox/core/trace.ts';
import type { Execution } from '../interpreter/execution.ts';
import type { StatesXray } from './needs.ts';

/** The trace of one execution. */
export interface ExecutionTrace {
  /** A run has begun or ended. */
  onStatusChange(execution: Execution): void;
  /** A Task calls its function: with which header, and how to say that it has answered. */
  invocation(stateName: string): { traceHeader?: string; end(failed: boolean): void };
}

const UNTRACED: ExecutionTrace = {
  onStatusChange: () => {},
  invocation: () => ({ end: () => {} }),
};

/**
 * One segment (AWS::StepFunctions::StateMachine) for each run of the execution, a redrive being one of its own in the
 * same trace, and under it a subsegment, named after the state, for each call of a function. They are sent as they end,
 * so that the trace of an execution that waits for hours can be read meanwhile.
 */
export function traceExecution(
  context: SandboxContext,
  xray: StatesXray | undefined,
  {
    isEnabled,
    machineName,
    traceHeader,
  }: { isEnabled: boolean; machineName: string; traceHeader: string | undefined },
): ExecutionTrace {
  const incoming = parseTraceHeader(traceHeader);
  if (xray === undefined || !isEnabled || !(incoming?.sampled ?? xray.sample())) return UNTRACED;

  const trace_id = incoming?.root ?? newTraceId(context);
  const seconds = () => context.clock.now() / 1000;
  let run = { id: newSegmentId(context), start_time: seconds() };
  return {
    onStatusChange({ status, redriveCount, identity }) {
      const isOver = status !== 'RUNNING';
      if (!isOver && redriveCount > 0) run = { id: newSegmentId(context), start_time: seconds() };
      xray.record({
        trace_id,
        ...run,
        ...(incoming?.parent === undefined ? {} : { parent_id: incoming.parent }),
        name: machineName,
        origin: 'AWS::StepFunctions::StateMachine',
        resource_arn: identity.stateMachineArn,
        ...(isOver ? { end_time: seconds() } : { in_progress: true }),
        ...(isOver && status !== 'SUCCEEDED' ? { fault: true } : {}),
        aws: {
          account_id: context.accountId,
          execution_arn: identity.executionArn,
          redrive_count: redriveCount,
        },
      });
    },
    invocation(stateName) {
      const id = newSegmentId(context);
      const start_time = seconds();
      const parent_id = run.id;
      return {
        traceHeader: formatTraceHeader({ root: trace_id, parent: id, sampled: true }),
        end: (failed) =>
          xray.record({
            trace_id,
            id,
            type: 'subsegment',
            parent_id,
            name: stateName,
            start_time,
            end_time: seconds(),
            ...(failed ? { fault: true } : {}),
          }),
      };
    },
  };
}
