import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Check } from './check.ts';
import { checkState } from './check-state.ts';
import { nestedBlocksOf } from './nested-blocks.ts';
import type { Report } from './problems.ts';
import { targetsOf } from './targets.ts';

const MAX_NAME_LENGTH = 80;

/** A machine, a branch or an item processor: StartAt and States. */
export function checkBlock(block: JsonObject, location: string, check: Check): void {
  const { report } = check;
  const { StartAt, States } = block;
  if (!isObject(States) || Object.keys(States).length === 0) {
    report(
      'SCHEMA_VALIDATION_FAILED',
      'The field States is required and must not be empty',
      `${location}/States`,
    );
    return;
  }
  if (typeof StartAt !== 'string' || !Object.hasOwn(States, StartAt)) {
    report('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${StartAt}`, `${location}/StartAt`);
  }
  checkNames(States, `${location}/States`, check);
  const visible = new Set([...check.outerVariables, ...assignedIn(States)]);
  for (const [name, state] of Object.entries(States)) {
    const at = `${location}/States/${name}`;
    if (!isObject(state)) {
      report('SCHEMA_VALIDATION_FAILED', 'Expected value of type Object', at);
      continue;
    }
    const inScope = { ...check, outerVariables: visible };
    checkState(state, at, States, inScope);
    for (const nested of nestedBlocksOf(state, at, report))
      checkBlock(nested.block, nested.location, inScope);
  }
  checkReachable(States, StartAt, location, report);
}

function checkNames(states: JsonObject, location: string, check: Check): void {
  for (const name of Object.keys(states)) {
    if (name.length > MAX_NAME_LENGTH) {
      check.report(
        'SCHEMA_VALIDATION_FAILED',
        `A state name is at most ${MAX_NAME_LENGTH} characters`,
        location,
      );
    }
    if (check.names.has(name)) {
      check.report('SCHEMA_VALIDATION_FAILED', `Duplicate state name: ${name}`, `${location}/${name}`);
    }
    check.names.add(name);
  }
  for (const variable of assignedIn(states)) {
    if (check.outerVariables.has(variable)) {
      check.report(
        'SCHEMA_VALIDATION_FAILED',
        `The variable '${variable}' is assigned in an outer scope`,
        `${location}`,
      );
    }
  }
}

/** The names that the states of one scope assign. */
function assignedIn(states: JsonObject): Set<string> {
  const names = new Set<string>();
  const collect = (holder: Json | undefined) => {
    if (!isObject(holder) || !isObject(holder.Assign)) return;
    for (const name of Object.keys(holder.Assign)) names.add(name.replace(/\.\$$/, ''));
  };
  for (const state of Object.values(states)) {
    collect(state);
    if (!isObject(state)) continue;
    for (const list of [state.Choices, state.Catch]) if (Array.isArray(list)) list.forEach(collect);
  }
  return names;
}

function checkReachable(states: JsonObject, start: Json | undefined, location: string, report: Report): void {
  const reached = new Set<string>();
  const visit = (name: Json | undefined) => {
    if (typeof name !== 'string' || reached.has(name)) return;
    reached.add(name);
    for (const target of targetsOf(states[name])) visit(target);
  };
  visit(start);
  for (const name of Object.keys(states)) {
    if (!reached.has(name)) {
      report('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, `${location}/States/${name}`);
    }
  }
}
