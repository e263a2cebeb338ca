import type { StartExecutionInput, StartExecutionOutput } from '@aws-sdk/client-sfn';
import type { OperationContext } from '#sandbox/core/service.ts';
import { parseJson } from '../../json.ts';
import { EXECUTION_RETENTION_MS, exceedsPayloadLimit } from '../../limits.ts';
import { statesError } from '../errors.ts';
import { requireName } from '../names.ts';
import { executionArn, machineByArn, type StatesService, startExecution } from '../service.ts';
import type { ExecutionRecord } from '../store.ts';

/** Who calls with a header and names another in the request is traced under the header. */
export function startExecutionOperation(service: StatesService) {
  return (
    request: StartExecutionInput,
    { traceHeader = request.traceHeader }: OperationContext,
  ): StartExecutionOutput => {
    const { context, store } = service;
    const machine = machineByArn(service, request.stateMachineArn ?? '');
    const name = requireName(request.name ?? context.random.uuid());
    const input = requireInput(request.input ?? '{}');
    const existing = store.executions.get(executionArn(context, machine.name, name));
    const record =
      existing && !expired(existing, context.clock.now())
        ? same(existing, input)
        : startExecution(service, machine, { name, input, traceHeader });
    return { executionArn: record.arn, startDate: record.execution.startDate };
  };
}

function requireInput(input: string): string {
  if (parseJson(input) === undefined) {
    throw statesError('InvalidExecutionInput', 'Invalid State Machine Execution Input', 'Invalid JSON');
  }
  if (exceedsPayloadLimit(input)) {
    const detail = 'The input exceeds the maximum number of bytes';
    throw statesError('InvalidExecutionInput', 'Invalid State Machine Execution Input', detail);
  }
  return input;
}

/** The same name and input while it runs is the same request; anything else finds the name taken. */
function same(record: ExecutionRecord, input: string): ExecutionRecord {
  const { status, input: earlier } = record.execution;
  if (status === 'RUNNING' && earlier === input) return record;
  throw statesError('ExecutionAlreadyExists', 'Execution Already Exists', record.arn);
}

function expired({ execution }: ExecutionRecord, now: number): boolean {
  return execution.stopDate !== undefined && now - execution.stopDate.getTime() > EXECUTION_RETENTION_MS;
}
