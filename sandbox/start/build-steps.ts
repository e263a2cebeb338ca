import type { Build, BuildPhase } from '@aws-sdk/client-codebuild';
import type { Step } from './steps.ts';

/** A phase that took less than this and went well is not worth a line. */
const NOTABLE_SECONDS = 0.1;

/** The phases of a build that have something to tell, and the one that it is in. */
export function buildSteps(build: Build): Step[] {
  const over = (build.phases ?? []).filter((phase) => phase.endTime !== undefined).map(stepOf);
  const told = over.filter(({ seconds = 0, failure }) => failure !== undefined || seconds >= NOTABLE_SECONDS);
  return build.buildComplete ? told : [...told, { name: build.currentPhase ?? 'QUEUED' }];
}

function stepOf({ phaseType = 'QUEUED', phaseStatus, contexts = [], startTime, endTime }: BuildPhase): Step {
  const seconds = ((endTime?.getTime() ?? 0) - (startTime?.getTime() ?? 0)) / 1000;
  if (phaseStatus === 'SUCCEEDED') return { name: phaseType, seconds };
  // A context repeats the whole command, which may be a long script, before it says why it failed.
  const why = contexts.map(({ message }) => message?.split(/Reason: /).at(-1)).filter(Boolean);
  return { name: phaseType, seconds, failure: [phaseStatus ?? 'FAILED', ...why].join(': ') };
}
