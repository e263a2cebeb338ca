import type { DescribeExecutionInput, DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { redrivability } from '../redrivability.ts';
import { executionByArn, type StatesService } from '../service.ts';

export function describeExecution(service: StatesService) {
  return (input: DescribeExecutionInput): DescribeExecutionOutput => {
    const record = executionByArn(service, input.executionArn ?? '');
    const included = input.includedData !== 'METADATA_ONLY';
    const { execution, machine } = record;
    const { output, stopDate, error, cause, redriveDate } = execution;
    return {
      executionArn: record.arn,
      stateMachineArn: machine.arn,
      name: execution.identity.executionName,
      status: execution.status,
      startDate: execution.startDate,
      ...(stopDate === undefined ? {} : { stopDate }),
      ...(included ? { input: execution.input, inputDetails: { included: true } } : {}),
      ...(included && output !== undefined ? { output, outputDetails: { included: true } } : {}),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
      ...(record.traceHeader === undefined ? {} : { traceHeader: record.traceHeader }),
      redriveCount: execution.redriveCount,
      ...(redriveDate === undefined ? {} : { redriveDate }),
      ...redrivability(record, service.context.clock.now()),
    };
  };
}
