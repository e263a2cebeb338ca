import { isObject, type JsonObject } from '../json.ts';
import type { Check } from './check.ts';
import { checkChoice } from './check-choice.ts';
import { checkFields } from './check-fields.ts';
import { checkLanguage } from './check-language.ts';
import { checkRetryAndCatch } from './check-retry-catch.ts';
import { checkTask } from './check-task.ts';
import { checkWait } from './check-wait.ts';
import { targetsOf } from './targets.ts';

const TYPES = ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map'];

/** One state by itself; the blocks inside a Parallel or Map state are checkBlock's. */
export function checkState(state: JsonObject, location: string, siblings: JsonObject, check: Check): void {
  const { report } = check;
  const type = String(state.Type);
  if (!TYPES.includes(type)) {
    report('SCHEMA_VALIDATION_FAILED', `Type must be one of ${TYPES.join(', ')}`, `${location}/Type`);
    return;
  }
  const queryLanguage = state.QueryLanguage === 'JSONata' ? 'JSONata' : check.queryLanguage;
  if (state.QueryLanguage === 'JSONPath' && check.queryLanguage === 'JSONata') {
    const message = 'A state machine in JSONata can not have states in JSONPath';
    report('SCHEMA_VALIDATION_FAILED', message, `${location}/QueryLanguage`);
  }
  const inState: Check = { ...check, queryLanguage };
  checkTransitions(state, type, location, siblings, check);
  checkFields(state, type, location, report);
  checkLanguage(state, location, queryLanguage, report);
  checkRetryAndCatch(state, location, report);
  if (type === 'Choice') checkChoice(state, location, inState);
  if (type === 'Task') checkTask(state, location, report);
  if (type === 'Wait') checkWait(state, location, report);
}

const TERMINAL = ['Succeed', 'Fail', 'Choice'];

function checkTransitions(
  state: JsonObject,
  type: string,
  location: string,
  siblings: JsonObject,
  { report }: Check,
): void {
  for (const target of targetsOf(state)) {
    if (typeof target !== 'string' || !isObject(siblings[target])) {
      report('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${String(target)}`, `${location}/Next`);
    }
  }
  const [next, end] = [state.Next !== undefined, state.End === true];
  if (TERMINAL.includes(type)) {
    if (next || end) report('SCHEMA_VALIDATION_FAILED', `A ${type} state has neither Next nor End`, location);
  } else if (next === end) {
    report(
      'SCHEMA_VALIDATION_FAILED',
      'These fields are required: [Next] or [End], and only one of them',
      location,
    );
  }
}
