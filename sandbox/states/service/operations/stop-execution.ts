import type { StopExecutionInput, StopExecutionOutput } from '@aws-sdk/client-sfn';
import { atMost } from '../errors.ts';
import { executionByArn, type StatesService } from '../service.ts';

/** Stopping what has ended already changes nothing. */
export function stopExecution(service: StatesService) {
  return ({ executionArn, error, cause }: StopExecutionInput): StopExecutionOutput => {
    atMost('error', error, 256);
    atMost('cause', cause, 32_768);
    const { execution } = executionByArn(service, executionArn ?? '');
    execution.stop(error, cause);
    return { stopDate: execution.stopDate };
  };
}
