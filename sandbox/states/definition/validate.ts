import type { StateMachineDefinition } from '../interpreter/definition.ts';
import { isObject, parseJson } from '../json.ts';
import { checkBlock } from './check-block.ts';
import type { Problem, Report } from './problems.ts';

/** Everything that is wrong with the text of a definition. Nothing: it can be run. */
export function findProblems(text: string): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (code, message, location) => problems.push({ code, message, location });
  const definition = parseJson(text);
  if (!isObject(definition)) {
    report('INVALID_JSON_DESCRIPTION', 'The definition is not a JSON object', '/');
    return problems;
  }
  const { TimeoutSeconds, Version, QueryLanguage } = definition;
  if (TimeoutSeconds !== undefined && !isPositiveInteger(TimeoutSeconds)) {
    report('SCHEMA_VALIDATION_FAILED', 'Expected value of type Integer above 0', '/TimeoutSeconds');
  }
  if (Version !== undefined && Version !== '1.0') {
    report('SCHEMA_VALIDATION_FAILED', 'Value is not valid: the version must be 1.0', '/Version');
  }
  if (QueryLanguage !== undefined && QueryLanguage !== 'JSONPath' && QueryLanguage !== 'JSONata') {
    report('SCHEMA_VALIDATION_FAILED', 'Value must be one of JSONPath, JSONata', '/QueryLanguage');
  }
  checkBlock(definition, '', {
    report,
    queryLanguage: QueryLanguage === 'JSONata' ? 'JSONata' : 'JSONPath',
    names: new Set(),
    outerVariables: new Set(),
  });
  return problems;
}

/** The definition, for a text without problems. */
export function parseDefinition(text: string): StateMachineDefinition {
  return JSON.parse(text) as StateMachineDefinition;
}

function isPositiveInteger(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
