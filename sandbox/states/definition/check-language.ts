import { expressionIn } from '../interpreter/data/jsonata.ts';
import type { QueryLanguage } from '../interpreter/definition.ts';
import { isKnownIntrinsic } from '../intrinsics/evaluate.ts';
import { type Argument, InvalidIntrinsic, isIntrinsic, parseIntrinsic } from '../intrinsics/parse.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { compile, JsonataError } from '../jsonata/evaluate.ts';
import { parseReference } from '../jsonpath/reference.ts';
import { InvalidPath } from '../jsonpath/scanner.ts';
import type { Report } from './problems.ts';

const JSONPATH_ONLY = [
  'InputPath',
  'OutputPath',
  'ResultPath',
  'ResultSelector',
  'Parameters',
  'Result',
  'ItemsPath',
];
const JSONATA_ONLY = ['Arguments', 'Output', 'Items'];

/** That a state speaks one query language, and that all its expressions can be read. */
export function checkLanguage(
  state: JsonObject,
  location: string,
  language: QueryLanguage,
  report: Report,
): void {
  const foreign = language === 'JSONata' ? JSONPATH_ONLY : JSONATA_ONLY;
  for (const [field, value] of Object.entries(state)) {
    const at = `${location}/${field}`;
    const pathField = /Path$/.test(field) && language === 'JSONata';
    if (foreign.includes(field) || pathField) {
      report('SCHEMA_VALIDATION_FAILED', `Field '${field}' is not supported in a ${language} state`, at);
    } else if (!['Branches', 'ItemProcessor', 'Iterator', 'Result'].includes(field)) {
      if (language === 'JSONata') checkExpressions(value, at, report);
      else checkPaths(field, value, at, report);
    }
  }
}

function checkExpressions(value: Json, location: string, report: Report): void {
  const expression = expressionIn(value);
  if (expression !== undefined) {
    try {
      compile(expression);
    } catch (error) {
      if (!(error instanceof JsonataError)) throw error;
      report('SCHEMA_VALIDATION_FAILED', `The JSONata expression is not valid: ${error.message}`, location);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) checkExpressions(member, `${location}/${key}`, report);
  }
}

function checkPaths(field: string, value: Json, location: string, report: Report): void {
  if (typeof value === 'string') {
    if (field.endsWith('.$') || field.endsWith('Path') || field === 'Variable')
      checkPath(value, location, report);
    return;
  }
  if (!isObject(value) && !Array.isArray(value)) {
    if (field.endsWith('.$')) {
      const message = `The value for the field '${field}' must be a valid JSONPath or intrinsic function`;
      report('SCHEMA_VALIDATION_FAILED', message, location);
    }
    return;
  }
  for (const [key, member] of Object.entries(value)) checkPaths(key, member, `${location}/${key}`, report);
}

function checkPath(text: string, location: string, report: Report): void {
  try {
    if (isIntrinsic(text)) checkCall(parseIntrinsic(text));
    else parseReference(text);
  } catch (error) {
    if (!(error instanceof InvalidPath || error instanceof InvalidIntrinsic)) throw error;
    const message = `The value '${text}' must be a valid JSONPath or a valid intrinsic function call: ${error.message}`;
    report('SCHEMA_VALIDATION_FAILED', message, location);
  }
}

function checkCall(argument: Argument): void {
  if (argument.kind === 'path') parseReference(argument.path);
  if (argument.kind !== 'call') return;
  if (!isKnownIntrinsic(argument.name)) throw new InvalidIntrinsic(`Unknown function ${argument.name}`);
  argument.arguments.forEach(checkCall);
}
