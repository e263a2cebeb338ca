import { assignedBy, type Exit, jsonataOutput } from './data/flow.ts';
import { putResult } from './data/jsonpath.ts';
import type { Catcher } from './definition.ts';
import type { StateError } from './errors.ts';
import type { Frame } from './frame.ts';
import { matches } from './retry.ts';

/** Where the state's Catch leads with this failure; nothing when no catcher names it. */
export async function caught(frame: Frame, failure: StateError): Promise<Exit | undefined> {
  const index = frame.state.Catch?.findIndex(({ ErrorEquals }) => matches(ErrorEquals, failure)) ?? -1;
  const catcher = frame.state.Catch?.[index];
  return catcher && leaveBy(frame, catcher, `Catch[${index}]`, failure);
}

async function leaveBy(frame: Frame, catcher: Catcher, location: string, failure: StateError): Promise<Exit> {
  // Recorded: a failure without a cause gives an empty one.
  const errorOutput = { Error: failure.error ?? '', Cause: failure.reason ?? '' };
  const assigned = await assignedBy(frame, catcher.Assign, `${location}/Assign`, errorOutput, {
    errorOutput,
  });
  const output =
    frame.queryLanguage === 'JSONata'
      ? await jsonataOutput(frame, catcher.Output, `${location}/Output`, errorOutput, { errorOutput })
      : putResult(frame, catcher.ResultPath, frame.input, errorOutput);
  return { output, ...assigned, next: catcher.Next };
}
