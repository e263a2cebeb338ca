import type { ExecutionRedriveStatus } from '@aws-sdk/client-sfn';
import { MAX_EXECUTION_TIME_MS, MAX_REDRIVABLE_EVENTS, REDRIVABLE_PERIOD_MS } from '../limits.ts';
import type { ExecutionRecord } from './store.ts';

/** Whether an execution could be redriven now; the reasons are AWS's (API reference, DescribeExecution). */
export function redrivability(
  { execution, machine }: ExecutionRecord,
  now: number,
): { redriveStatus: ExecutionRedriveStatus; redriveStatusReason?: string } {
  const reason = reasonAgainst(execution, machine.deleting, now);
  return reason === undefined
    ? { redriveStatus: 'REDRIVABLE' }
    : { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
}

function reasonAgainst(
  execution: ExecutionRecord['execution'],
  deleting: boolean,
  now: number,
): string | undefined {
  const { status, startDate, stopDate, events } = execution;
  if (deleting) return 'State machine is in DELETING status';
  if (status === 'RUNNING' || status === 'SUCCEEDED') {
    return `Execution is ${status} and cannot be redriven`;
  }
  if (events.length >= MAX_REDRIVABLE_EVENTS) return 'Execution history event limit exceeded';
  if (now - startDate.getTime() >= MAX_EXECUTION_TIME_MS)
    return 'Execution has exceeded the max execution time';
  if (stopDate && now - stopDate.getTime() > REDRIVABLE_PERIOD_MS)
    return 'Execution redrivable period exceeded';
  return undefined;
}
