import type { SandboxContext } from '#sandbox/core/service.ts';
import { redrivability } from './redrivability.ts';
import type { ExecutionRecord } from './store.ts';

/** Input and output together; above this the output is dropped from the event, and then the input. */
const MAX_INCLUDED_BYTES = 248 * 1024;

/** "Step Functions Execution Status Change", on the default event bus. Dates are epoch milliseconds. */
export function emitStatusChange(context: SandboxContext, record: ExecutionRecord): void {
  const { execution, machine } = record;
  const redrive = redrivability(record, context.clock.now());
  context.emit({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [record.arn],
    detail: {
      executionArn: record.arn,
      stateMachineArn: machine.arn,
      name: execution.identity.executionName,
      status: execution.status,
      startDate: execution.startDate.getTime(),
      stopDate: execution.stopDate?.getTime() ?? null,
      ...payloads(execution.input, execution.output),
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: execution.redriveCount,
      redriveDate: execution.redriveDate?.getTime() ?? null,
      redriveStatus: redrive.redriveStatus,
      redriveStatusReason: redrive.redriveStatusReason ?? null,
      error: execution.error ?? null,
      cause: execution.cause ?? null,
    },
  });
}

function payloads(input: string, output: string | undefined) {
  const size = Buffer.byteLength(input);
  const inputFits = size <= MAX_INCLUDED_BYTES;
  const outputFits = size + Buffer.byteLength(output ?? '') <= MAX_INCLUDED_BYTES;
  return {
    input: inputFits ? input : null,
    inputDetails: { included: inputFits },
    output: output !== undefined && outputFits ? output : null,
    outputDetails: output === undefined ? null : { included: outputFits },
  };
}
