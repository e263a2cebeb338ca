import { evaluateIntrinsic } from '../../intrinsics/evaluate.ts';
import { IntrinsicError } from '../../intrinsics/function.ts';
import { InvalidIntrinsic, isIntrinsic } from '../../intrinsics/parse.ts';
import { isObject, type Json } from '../../json.ts';
import { PathNotFound } from '../../jsonpath/evaluate.ts';
import { assignAt, PathMismatch, selectPath, UnknownVariable } from '../../jsonpath/reference.ts';
import { InvalidPath } from '../../jsonpath/scanner.ts';
import { StateError } from '../errors.ts';
import { contextOf, type Frame, located, runtimeFailure } from '../frame.ts';

type MapItem = Frame['line']['mapItem'];

function select(frame: Frame, path: string, input: Json, mapItem?: MapItem): Json {
  return selectPath(path, {
    input,
    context: () => contextOf(frame, mapItem),
    variable: (name) => frame.line.progress.variables.get(name),
  });
}

function isPathFailure(error: unknown): error is Error {
  return error instanceof PathNotFound || error instanceof UnknownVariable || error instanceof InvalidPath;
}

/** The value that InputPath, OutputPath, ItemsPath or a *SecondsPath names. */
export function valueAt(frame: Frame, path: string, input: Json): Json {
  try {
    return select(frame, path, input);
  } catch (error) {
    if (!isPathFailure(error)) throw error;
    throw runtimeFailure(frame, `Invalid path '${path}' : ${error.message}`);
  }
}

/** The value at a path, or undefined where it leads nowhere. */
export function optionalValueAt(frame: Frame, path: string, input: Json): Json | undefined {
  try {
    return select(frame, path, input);
  } catch (error) {
    if (isPathFailure(error)) return undefined;
    throw error;
  }
}

/** InputPath and OutputPath: absent means everything, null means an empty object. */
export function filterBy(frame: Frame, path: string | null | undefined, value: Json): Json {
  if (path === undefined) return value;
  return path === null ? {} : valueAt(frame, path, value);
}

/** A path or an intrinsic function, as the value of a field whose name ends in `.$` or in Path. */
export function expressionValue(
  frame: Frame,
  field: string,
  text: string,
  input: Json,
  mapItem?: MapItem,
): Json {
  const atPath = (path: string) => {
    try {
      return select(frame, path, input, mapItem);
    } catch (error) {
      if (!isPathFailure(error)) throw error;
      const searched = path.startsWith('$$') ? contextOf(frame, mapItem) : input;
      throw runtimeFailure(
        frame,
        `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(searched)}'`,
      );
    }
  };
  if (!isIntrinsic(text)) return atPath(text);
  try {
    return evaluateIntrinsic(text, { select: atPath, random: frame.line.run.environment.random });
  } catch (error) {
    if (!(error instanceof IntrinsicError || error instanceof InvalidIntrinsic)) throw error;
    const cause = `The function '${text}' had the following error: ${error.message}`;
    throw new StateError('States.IntrinsicFailure', located(frame, cause));
  }
}

/** A payload template: members whose name ends in `.$` are evaluated, all else is as it stands. */
export function fillTemplate(frame: Frame, template: Json, input: Json, mapItem?: MapItem): Json {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(frame, item, input, mapItem));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$') && typeof value === 'string'
        ? [key.slice(0, -2), expressionValue(frame, key, value, input, mapItem)]
        : [key, fillTemplate(frame, value, input, mapItem)],
    ),
  );
}

/** Puts a result into the state input: absent or `$` replaces it, null discards the result. */
export function putResult(frame: Frame, path: string | null | undefined, input: Json, result: Json): Json {
  if (path === undefined) return result;
  if (path === null) return input;
  try {
    return assignAt(path, input, result);
  } catch (error) {
    if (!(error instanceof PathMismatch)) throw error;
    throw new StateError(
      'States.ResultPathMatchFailure',
      located(frame, `Unable to apply step "${error.message}" to input ${JSON.stringify(input)}`),
    );
  }
}
