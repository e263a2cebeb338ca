import { isObject, type Json } from '../../json.ts';
import { effectiveInput } from '../data/flow.ts';
import * as jsonata from '../data/jsonata.ts';
import * as jsonpath from '../data/jsonpath.ts';
import { type Frame, runtimeFailure } from '../frame.ts';

/** The array that a Map goes through: Items, ItemsPath, or its input. */
export async function itemsOf(frame: Frame): Promise<Json[]> {
  return frame.queryLanguage === 'JSONata' ? jsonataItems(frame) : jsonpathItems(frame);
}

async function jsonataItems(frame: Frame): Promise<Json[]> {
  const { Items } = frame.state;
  if (Items !== undefined) return (await jsonata.evaluateTyped(frame, Items, 'Items', 'array')) as Json[];
  if (Array.isArray(frame.input)) return frame.input;
  throw jsonata.evaluationFailure(
    frame,
    `Map state input must be an array but was: ${JSON.stringify(frame.input)}`,
    {},
  );
}

function jsonpathItems(frame: Frame): Json[] {
  const { ItemsPath = '$' } = frame.state;
  const items = jsonpath.valueAt(frame, ItemsPath, effectiveInput(frame));
  if (Array.isArray(items)) return items;
  throw runtimeFailure(frame, `Reference path "${ItemsPath}" must point to array.`);
}

/** The input of one iteration: what ItemSelector (or the older Parameters) makes of the item, or the item. */
export async function iterationInput(frame: Frame, index: number, value: Json): Promise<Json> {
  const template = frame.state.ItemSelector ?? frame.state.Parameters;
  if (template === undefined) return value;
  const mapItem = { index, value };
  if (frame.queryLanguage === 'JSONata') {
    return jsonata.fillTemplate(frame, template, 'ItemSelector', { mapItem });
  }
  if (!isObject(template)) return template;
  return jsonpath.fillTemplate(frame, template, effectiveInput(frame), mapItem);
}
