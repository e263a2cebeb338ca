import type { RedriveExecutionInput, RedriveExecutionOutput } from '@aws-sdk/client-sfn';
import { AwsError } from '#sandbox/core/errors.ts';
import { validationError } from '../errors.ts';
import { redrivability } from '../redrivability.ts';
import { executionByArn, type StatesService } from '../service.ts';
import type { ExecutionRecord } from '../store.ts';

/** How long a client token makes RedriveExecution idempotent. */
const TOKEN_MS = 15 * 60_000;

export function redriveExecution(service: StatesService) {
  return ({ executionArn, clientToken }: RedriveExecutionInput): RedriveExecutionOutput => {
    const now = service.context.clock.now();
    requireToken(clientToken);
    const record = executionByArn(service, executionArn ?? '');
    const answered = earlierAnswer(record, clientToken, now);
    if (answered) return { redriveDate: answered };
    const { redriveStatus, redriveStatusReason } = redrivability(record, now);
    if (redriveStatus !== 'REDRIVABLE') {
      throw new AwsError('ExecutionNotRedrivable', `${redriveStatusReason}`);
    }
    record.execution.redrive();
    const redriveDate = record.execution.redriveDate ?? new Date(now);
    if (clientToken !== undefined) record.redriveTokens.set(clientToken, { redriveDate, at: now });
    return { redriveDate };
  };
}

function requireToken(token: string | undefined): void {
  if (token !== undefined && !/^[!-~]{1,64}$/.test(token)) {
    throw validationError('clientToken', token, 'Member must satisfy regular expression pattern: [!-~]+');
  }
}

function earlierAnswer(record: ExecutionRecord, token: string | undefined, now: number): Date | undefined {
  const answer = token === undefined ? undefined : record.redriveTokens.get(token);
  return answer && now - answer.at < TOKEN_MS ? answer.redriveDate : undefined;
}
