import type { Json } from '../json.ts';
import { Variables } from './variables.ts';

/**
 * How far one line of control has come. It outlives a failed attempt: a redrive continues from here, with the
 * same state and the same state input.
 */
export interface Progress {
  stateName: string;
  input: Json;
  /** The input as it was written; only the execution's own input keeps its spelling. */
  inputText?: string;
  variables: Variables;
  /** Set when the state has been entered, and kept across redrives, as its EnteredTime is. */
  entered?: { id: number; after: number; time: string };
  /** Set when this line has ended well; a redrive takes the output as it is. */
  output?: Json;
  done: boolean;
  /** The branches of a Parallel or the iterations of a Map that is under way. */
  children?: Children;
}

export interface Children {
  lines: Progress[];
  /** A Map's items, evaluated once. */
  items?: Json[];
}

export function startProgress(
  stateName: string,
  input: Json,
  outer?: Variables,
  inputText?: string,
): Progress {
  const text = inputText === undefined ? {} : { inputText };
  return { stateName, input, ...text, variables: new Variables(outer), done: false };
}

/** Goes on to the next state. */
export function moveTo(progress: Progress, stateName: string, input: Json): void {
  progress.stateName = stateName;
  progress.input = input;
  delete progress.inputText;
  delete progress.entered;
  delete progress.children;
}
