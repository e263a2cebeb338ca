import { type Exit, effectiveInput, leaveWith, workInput } from '../data/flow.ts';
import type { Frame } from '../frame.ts';

export async function runPass(frame: Frame): Promise<Exit> {
  const { state } = frame;
  if (frame.queryLanguage === 'JSONata') return leaveWith(frame, frame.input);
  if (state.Result !== undefined) {
    effectiveInput(frame);
    return leaveWith(frame, state.Result);
  }
  return leaveWith(frame, await workInput(frame));
}
