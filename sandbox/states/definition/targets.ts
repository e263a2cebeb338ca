import { isObject, type Json } from '../json.ts';

/** Where a state may lead. */
export function targetsOf(state: Json | undefined): Json[] {
  if (!isObject(state)) return [];
  const lists = [state.Choices, state.Catch].flatMap((list) => (Array.isArray(list) ? list : []));
  return [
    state.Next,
    state.Default,
    ...lists.map((entry) => (isObject(entry) ? entry.Next : undefined)),
  ].filter((target) => target !== undefined);
}
