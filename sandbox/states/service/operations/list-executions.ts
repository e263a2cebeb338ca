import type { ListExecutionsInput, ListExecutionsOutput } from '@aws-sdk/client-sfn';
import { notSupported, validationError } from '../errors.ts';
import { page } from '../page.ts';
import { machineByArn, type StatesService } from '../service.ts';
import type { ExecutionRecord } from '../store.ts';

/** The most recent first. */
export function listExecutions(service: StatesService) {
  return (input: ListExecutionsInput): ListExecutionsOutput => {
    if (input.mapRunArn !== undefined) throw notSupported('A Map Run');
    if (input.stateMachineArn === undefined) {
      throw validationError('stateMachineArn', 'null', 'Member must not be null');
    }
    const machine = machineByArn(service, input.stateMachineArn);
    const matching = [...service.store.executions.values()]
      .filter((record) => record.machine === machine && selected(record, input))
      .reverse();
    const { items, nextToken } = page(matching, input);
    return { executions: items.map(summary), ...(nextToken === undefined ? {} : { nextToken }) };
  };
}

function selected({ execution }: ExecutionRecord, input: ListExecutionsInput): boolean {
  const { statusFilter, redriveFilter } = input;
  if (statusFilter !== undefined && execution.status !== statusFilter) return false;
  return redriveFilter === undefined || (redriveFilter === 'REDRIVEN') === execution.redriveCount > 0;
}

function summary({ arn, machine, execution }: ExecutionRecord) {
  const { stopDate, redriveDate } = execution;
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name: execution.identity.executionName,
    status: execution.status,
    startDate: execution.startDate,
    ...(stopDate === undefined ? {} : { stopDate }),
    redriveCount: execution.redriveCount,
    ...(redriveDate === undefined ? {} : { redriveDate }),
  };
}
