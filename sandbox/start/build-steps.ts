import type { Build, BuildPhase } from '@aws-sdk/client-codebuild';
import type { Step } from './steps.ts';

/** The phases that a build has been through, and the one that it is in. */
export const buildSteps = ({ phases = [], buildComplete, currentPhase = 'QUEUED' }: Build): Step[] => [
  ...phases.filter(({ endTime }) => endTime !== undefined).map(stepOf),
  ...(buildComplete ? [] : [{ name: currentPhase }]),
];

function stepOf({ phaseType = 'QUEUED', phaseStatus, contexts = [], startTime, endTime }: BuildPhase): Step {
  const seconds = ((endTime?.getTime() ?? 0) - (startTime?.getTime() ?? 0)) / 1000;
  if (phaseStatus === 'SUCCEEDED') return { name: phaseType, seconds };
  // A context repeats the whole command, which may be a long script, before it says why it failed.
  const why = contexts.map(({ message }) => message?.split(/Reason: /).at(-1)).filter(Boolean);
  return { name: phaseType, seconds, failure: [phaseStatus ?? 'FAILED', ...why].join(': ') };
}
