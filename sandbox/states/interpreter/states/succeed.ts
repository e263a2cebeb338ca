import { type Exit, leaveWithInput } from '../data/flow.ts';
import type { Frame } from '../frame.ts';

export function runSucceed(frame: Frame): Promise<Exit> {
  return leaveWithInput(frame);
}
