import type { DeploymentDocument } from './document.ts';
import { isTouched, leftOf } from './left.ts';
import type { Step } from './record.ts';

/**
 * Every figure that Landfall counts, with its dimensions and unit: what the dashboard and the alarms may name
 * (resources/dashboard.cjs, resources/alarms.cjs), and nothing else.
 */
export const FIGURES = {
  /** A deployment that has ended, by how. */
  Deployments: { dimensions: ['service', 'status'], unit: 'Count' },
  /** A deployment that has failed, by the name of its error. */
  Failures: { dimensions: ['service', 'error'], unit: 'Count' },
  /** 1 for a change of the service that failed, 0 for one that went live: the average is the change failure rate. */
  ChangeFailure: { dimensions: ['service'], unit: 'Count' },
  /** From the start of the build to the release being live. */
  LeadTime: { dimensions: ['service'], unit: 'Seconds' },
  /** From the change that failed to a good release running again: by rollback, or by the next one that went live. */
  TimeToRestore: { dimensions: ['service'], unit: 'Seconds' },
  /** From the start of the execution's last run to its end. */
  Duration: { dimensions: ['service'], unit: 'Seconds' },
  StateDuration: { dimensions: ['service', 'state'], unit: 'Seconds' },
  /** In the queue behind another deployment. */
  QueueTime: { dimensions: ['service'], unit: 'Seconds' },
  /** How long the run that holds the claim has been running. Waiting states tell it every minute. */
  RunningTime: { dimensions: ['service'], unit: 'Seconds' },
} as const;

export type FigureName = keyof typeof FIGURES;

export interface Figure {
  name: FigureName;
  value: number;
  dimensions: Record<string, string>;
}

const figure = (name: FigureName, value: number, dimensions: Record<string, string>): Figure => ({
  name,
  value,
  dimensions,
});

const seconds = (from: number, until: number) => Math.max(0, until - from) / 1000;

/** A release that has gone live; `brokenSince` when the service was left in a bad state before. */
export function figuresOfSuccess(
  { service, release }: DeploymentDocument,
  now: number,
  brokenSince?: number,
): Figure[] {
  return [
    figure('Deployments', 1, { service, status: 'SUCCEEDED' }),
    figure('ChangeFailure', 0, { service }),
    ...(release.build === undefined
      ? []
      : [figure('LeadTime', seconds(release.build.startedAt, now), { service })]),
    ...(brokenSince === undefined ? [] : [figure('TimeToRestore', seconds(brokenSince, now), { service })]),
  ];
}

/**
 * Any other end of a run. `document` is what its last state made of the deployment, where that is known: what ECS was
 * never told of is no failed change, and a release that is live, but not on record, is none either.
 */
export function figuresOfEnd(
  end: { service: string; status: string; error?: string | undefined },
  document: DeploymentDocument | undefined,
  now: number,
): Figure[] {
  const { service, status, error } = end;
  return [
    figure('Deployments', 1, { service, status }),
    ...(error === undefined ? [] : [figure('Failures', 1, { service, error })]),
    ...(document === undefined || !isTouched(document) ? [] : figuresOfChange(document, now)),
  ];
}

function figuresOfChange(document: DeploymentDocument, now: number): Figure[] {
  const { service, rollout, failure } = document;
  const isFailed = failure?.state !== 'CompleteDeployment';
  const isRestored = leftOf(document) === 'ROLLED_BACK' && rollout !== undefined;
  return [
    figure('ChangeFailure', isFailed ? 1 : 0, { service }),
    ...(isRestored ? [figure('TimeToRestore', seconds(rollout.startedAt, now), { service })] : []),
  ];
}

/**
 * How long the last run of an execution took, and its states. A redrive begins a run: the steps before `since` are
 * those of runs that have been counted.
 */
export function figuresOfSteps(service: string, steps: readonly Step[], since: number): Figure[] {
  const over = steps.flatMap(({ state, startedAt, endedAt }) =>
    endedAt === null || startedAt < since ? [] : [{ state, startedAt, endedAt }],
  );
  const [first] = over;
  const last = over.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    figure('Duration', seconds(first.startedAt, last.endedAt), { service }),
    ...over.flatMap(({ state, startedAt, endedAt }) => {
      const took = seconds(startedAt, endedAt);
      return [
        figure('StateDuration', took, { service, state }),
        ...(state === 'ClaimService' ? [figure('QueueTime', took, { service })] : []),
      ];
    }),
  ];
}

/** How long the run that holds the claim has been running; nothing of one that waits for it. */
export function runningTime(
  { service, claim }: DeploymentDocument,
  execution: { startedAt: number; redrivenAt?: number | undefined },
  now: number,
): Figure[] {
  if (claim === undefined) return [];
  return [figure('RunningTime', seconds(execution.redrivenAt ?? execution.startedAt, now), { service })];
}
