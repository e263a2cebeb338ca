import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Step as DeploymentStep } from '#lib/deployment/record/record.ts';
import { stepsOf } from '#lib/deployment/record/steps.ts';
import type { Step } from './steps.ts';

/** The states that an execution has been through, in order, with what each took: the steps of the API, as lines. */
export const timeline = (events: HistoryEvent[]): Step[] => stepsOf(events).map(lineOf);

function lineOf({ state, startedAt, endedAt, looks, error }: DeploymentStep): Step {
  return {
    name: state,
    ...(endedAt === null ? {} : { seconds: (endedAt - startedAt) / 1000 }),
    ...(looks === undefined ? {} : { looks }),
    ...(error === undefined ? {} : { failure: error }),
  };
}
