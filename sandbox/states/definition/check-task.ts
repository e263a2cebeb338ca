import { parseResource } from '../interpreter/task/resource.ts';
import { isObject, type JsonObject } from '../json.ts';
import { MAX_SECONDS_FIELD } from '../limits.ts';
import type { Report } from './problems.ts';

export function checkTask(state: JsonObject, location: string, report: Report): void {
  const resource = parseResource(String(state.Resource));
  if (resource === undefined) {
    report(
      'NOT_SUPPORTED',
      `The resource provided ${String(state.Resource)} is not supported: a Task here invokes a Lambda function, by its ARN, arn:aws:states:::lambda:invoke or arn:aws:states:::lambda:invoke.waitForTaskToken`,
      `${location}/Resource`,
    );
  } else if (resource.kind !== 'function') checkFunctionName(state, location, report);
  for (const field of ['TimeoutSeconds', 'HeartbeatSeconds']) checkSeconds(state, field, location, report);
  const { TimeoutSeconds, HeartbeatSeconds } = state;
  if (typeof TimeoutSeconds === 'number' && typeof HeartbeatSeconds === 'number') {
    if (HeartbeatSeconds >= TimeoutSeconds) {
      const message = 'HeartbeatSeconds must be smaller than TimeoutSeconds';
      report('SCHEMA_VALIDATION_FAILED', message, `${location}/HeartbeatSeconds`);
    }
  }
}

function checkFunctionName(state: JsonObject, location: string, report: Report): void {
  const parameters = state.Arguments ?? state.Parameters;
  // An expression may give the whole of it.
  if (typeof parameters === 'string') return;
  const given = isObject(parameters) && ('FunctionName' in parameters || 'FunctionName.$' in parameters);
  if (!given) {
    report('SCHEMA_VALIDATION_FAILED', 'The field "FunctionName" is required but was missing', location);
  }
}

function checkSeconds(state: JsonObject, field: string, location: string, report: Report): void {
  const value = state[field];
  if (value !== undefined && state[`${field}Path`] !== undefined) {
    report('SCHEMA_VALIDATION_FAILED', `Only one of ${field} and ${field}Path may be given`, location);
  }
  if (value === undefined || typeof value === 'string') return;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MAX_SECONDS_FIELD) {
    const message = `${field} must be an integer from 1 to ${MAX_SECONDS_FIELD}`;
    report('SCHEMA_VALIDATION_FAILED', message, `${location}/${field}`);
  }
}
