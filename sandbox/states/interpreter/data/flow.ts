import { isObject, type Json, type JsonObject } from '../../json.ts';
import { exceedsPayloadLimit } from '../../limits.ts';
import { dataLimitExceeded } from '../errors.ts';
import type { Frame } from '../frame.ts';
import * as jsonata from './jsonata.ts';
import * as jsonpath from './jsonpath.ts';

/** What a state hands on when it is left. */
export interface Exit {
  output: Json;
  assigned?: JsonObject;
  /** Absent: the line of control ends here. */
  next?: string;
}

/** The state input as the state's work sees it: InputPath in JSONPath, unchanged in JSONata. */
export function effectiveInput(frame: Frame): Json {
  if (frame.queryLanguage === 'JSONata') return frame.input;
  return jsonpath.filterBy(frame, frame.state.InputPath, frame.input);
}

/** What a Task or a Parallel is given: Arguments, or InputPath and Parameters. */
export async function workInput(frame: Frame): Promise<Json> {
  const { state } = frame;
  if (frame.queryLanguage === 'JSONata') {
    return state.Arguments === undefined
      ? frame.input
      : jsonata.fillTemplate(frame, state.Arguments, 'Arguments');
  }
  const input = effectiveInput(frame);
  return state.Parameters === undefined ? input : jsonpath.fillTemplate(frame, state.Parameters, input);
}

/** From the result of a state's work to what it hands on: Assign and Output, or ResultSelector … OutputPath. */
export async function leaveWith(frame: Frame, result: Json): Promise<Exit> {
  const { state } = frame;
  if (frame.queryLanguage === 'JSONata') {
    const output = await jsonataOutput(frame, state.Output, 'Output', result, { result });
    return exit(frame, output, await assignedBy(frame, state.Assign, 'Assign', result, { result }));
  }
  const selected =
    state.ResultSelector === undefined ? result : jsonpath.fillTemplate(frame, state.ResultSelector, result);
  const merged = jsonpath.putResult(frame, state.ResultPath, frame.input, selected);
  const output = jsonpath.filterBy(frame, state.OutputPath, merged);
  return exit(frame, output, await assignedBy(frame, state.Assign, 'Assign', selected, {}));
}

/** For states without a result of their own (Wait, Succeed): their input goes on. */
export async function leaveWithInput(frame: Frame): Promise<Exit> {
  const { state } = frame;
  if (frame.queryLanguage === 'JSONata') {
    const output = await jsonataOutput(frame, state.Output, 'Output', frame.input, {});
    return exit(frame, output, await assignedBy(frame, state.Assign, 'Assign', frame.input, {}));
  }
  const input = effectiveInput(frame);
  const output = jsonpath.filterBy(frame, state.OutputPath, input);
  return exit(frame, output, await assignedBy(frame, state.Assign, 'Assign', input, {}));
}

/** Leaves by the state's own Next or End. An output above the limit fails the state instead. */
function exit(frame: Frame, output: Json, assigned: { assigned?: JsonObject }): Exit {
  if (exceedsPayloadLimit(JSON.stringify(output))) throw dataLimitExceeded(frame.name, 'named');
  return { output, ...assigned, ...(frame.state.Next === undefined ? {} : { next: frame.state.Next }) };
}

/** The Output field, or `fallback` where there is none. */
export async function jsonataOutput(
  frame: Frame,
  template: Json | undefined,
  location: string,
  fallback: Json,
  extras: jsonata.StatesExtras,
): Promise<Json> {
  return template === undefined ? fallback : jsonata.fillTemplate(frame, template, location, extras);
}

/** The Assign field, evaluated on the variables as they were at state entry; `data` is `$` in JSONPath. */
export async function assignedBy(
  frame: Frame,
  template: JsonObject | undefined,
  location: string,
  data: Json,
  extras: jsonata.StatesExtras,
): Promise<{ assigned?: JsonObject }> {
  if (template === undefined) return {};
  const assigned =
    frame.queryLanguage === 'JSONata'
      ? await jsonata.fillTemplate(frame, template, location, extras)
      : jsonpath.fillTemplate(frame, template, data);
  return isObject(assigned) ? { assigned } : {};
}
