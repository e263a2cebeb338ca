import { isObject, type Json, typeName } from '../../json.ts';
import { evaluate, JsonataError, UnsupportedResult } from '../../jsonata/evaluate.ts';
import { jsonataFunctions } from '../../jsonata/functions.ts';
import { type FailedEvaluation, StateError } from '../errors.ts';
import { contextOf, type Frame, located } from '../frame.ts';

/** What `$states` holds besides input and context. */
export interface StatesExtras {
  result?: Json;
  errorOutput?: Json;
  mapItem?: Frame['line']['mapItem'];
}

/** The expression between `{%` and `%}`; nothing where the text is an ordinary string. */
export function expressionIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return /^\{%([\s\S]*)%\}$/.exec(value)?.[1]?.trim();
}

export function evaluationFailure(frame: Frame, message: string, evaluation: FailedEvaluation): StateError {
  return new StateError('States.QueryEvaluationError', located(frame, message), { evaluation });
}

/** Evaluates one expression that stands in the field `location`. */
async function evaluateExpression(
  frame: Frame,
  expression: string,
  location: string,
  extras: StatesExtras = {},
): Promise<Json> {
  const subject = `The JSONata expression '${expression}' specified for the field '${location}'`;
  try {
    const value = await evaluate(expression, bindings(frame, extras));
    if (value !== undefined) return value;
  } catch (error) {
    if (error instanceof UnsupportedResult) {
      const message = `The JSONata expression '${expression}' for the field '${location}' returned an unsupported result type.`;
      throw evaluationFailure(frame, message, { location });
    }
    if (!(error instanceof JsonataError)) throw error;
    const detail = error.code === undefined ? `: ${error.message}` : `. ${error.code}: ${error.message}`;
    throw evaluationFailure(frame, `${subject} threw an error during evaluation${detail}`, { location });
  }
  throw evaluationFailure(frame, `${subject} returned nothing (undefined).`, { location });
}

function bindings(frame: Frame, { result, errorOutput, mapItem }: StatesExtras): Record<string, unknown> {
  const { clock, random } = frame.line.run.environment;
  return {
    ...jsonataFunctions({ now: clock.now(), random }),
    ...frame.line.progress.variables.visible(),
    states: {
      input: frame.input,
      context: contextOf(frame, mapItem),
      ...(result === undefined ? {} : { result }),
      ...(errorOutput === undefined ? {} : { errorOutput }),
    },
  };
}

/** Evaluates every expression inside a value; `location` grows with each member and index. */
export async function fillTemplate(
  frame: Frame,
  template: Json,
  location: string,
  extras: StatesExtras = {},
): Promise<Json> {
  const expression = expressionIn(template);
  if (expression !== undefined) return evaluateExpression(frame, expression, location, extras);
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries()) {
      items.push(await fillTemplate(frame, item, `${location}[${index}]`, extras));
    }
    return items;
  }
  if (!isObject(template)) return template;
  const filled: Json = {};
  for (const [key, value] of Object.entries(template)) {
    filled[key] = await fillTemplate(frame, value, `${location}/${key}`, extras);
  }
  return filled;
}

/** Evaluates a field whose value has to be of one type. A constant is checked when the machine is created. */
export async function evaluateTyped(
  frame: Frame,
  value: Json,
  location: string,
  expected: 'number' | 'string' | 'boolean' | 'array',
  extras: StatesExtras = {},
): Promise<Json> {
  const result = await fillTemplate(frame, value, location, extras);
  if (typeName(result) === expected) return result;
  throw evaluationFailure(
    frame,
    `The JSONata expression '${expressionIn(value) ?? String(value)}' specified for the field '${location}' returned an unexpected result type. Expected '${expected}', but was '${typeName(result)}' for value: ${JSON.stringify(result)}`,
    { location },
  );
}
