import type { JsonObject } from '../json.ts';
import type { Report } from './problems.ts';

const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const FLOW = ['Next', 'End', 'Assign', 'Output', 'InputPath', 'OutputPath'];
const RESULT = ['ResultPath', 'ResultSelector', 'Retry', 'Catch', 'Parameters', 'Arguments'];

/** The fields that a state of each type may have (Amazon States Language, "State types"). */
const FIELDS: Record<string, string[]> = {
  Pass: [...FLOW, 'ResultPath', 'Parameters', 'Result'],
  Task: [
    ...FLOW,
    ...RESULT,
    'Resource',
    'TimeoutSeconds',
    'TimeoutSecondsPath',
    'HeartbeatSeconds',
    'HeartbeatSecondsPath',
  ],
  Choice: ['Choices', 'Default', 'Assign', 'Output', 'InputPath', 'OutputPath'],
  Wait: [...FLOW, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: ['Output', 'InputPath', 'OutputPath'],
  Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
  Parallel: [...FLOW, ...RESULT, 'Branches'],
  Map: [
    ...FLOW,
    ...RESULT,
    'Items',
    'ItemsPath',
    'ItemSelector',
    'ItemProcessor',
    'Iterator',
    'MaxConcurrency',
    'MaxConcurrencyPath',
    'ToleratedFailureCount',
    'ToleratedFailureCountPath',
    'ToleratedFailurePercentage',
    'ToleratedFailurePercentagePath',
  ],
};

/** Fields of a Distributed Map and of cross-account tasks, which AWS knows and this engine does not. */
const NOT_SUPPORTED = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label', 'Credentials'];

export function checkFields(state: JsonObject, type: string, location: string, report: Report): void {
  for (const field of Object.keys(state)) {
    if (COMMON.includes(field) || FIELDS[type]?.includes(field)) continue;
    if (NOT_SUPPORTED.includes(field)) {
      report('NOT_SUPPORTED', `The field ${field} is not supported`, `${location}/${field}`);
    } else {
      report(
        'SCHEMA_VALIDATION_FAILED',
        `Field '${field}' is not supported in a ${type} state`,
        `${location}/${field}`,
      );
    }
  }
}
