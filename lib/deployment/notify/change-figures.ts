import type { DeploymentDocument, LastKnownGood } from '#lib/deployment/document.ts';
import { isTouched, leftOf } from '#lib/deployment/ending/what-is-left.ts';
import { isErrorName } from '#lib/deployment/errors.ts';
import { type Figure, figure, seconds } from './figures.ts';

/** What a release that goes live finds: since when the service was not well, and the release that it replaces. */
export interface Before {
  brokenSince?: number | undefined;
  replaced?: LastKnownGood | undefined;
}

/** One run of an execution, and when it began. */
interface Run {
  redriveCount: number;
  since: number;
}

/** A release that has gone live. */
export function figuresOfSuccess(
  document: DeploymentDocument,
  run: Run,
  before: Before,
  now: number,
): Figure[] {
  const { service, release, trigger } = document;
  if (trigger.kind === 'rollback') return figuresOfRollback(document, before, now);
  return [
    figure('Deployments', 1, { service, status: 'SUCCEEDED' }),
    ...figuresOfChange(document, run, false),
    ...(release.build === undefined
      ? []
      : [figure('LeadTime', seconds(release.build.startedAt, now), { service })]),
    ...figuresOfRestoration(service, before.brokenSince, now),
  ];
}

/**
 * A rollback by hand that has gone live: no change of its own, but the failure of the one that it undoes. That counted
 * as good when it went live, unless it is known already that what runs since is not.
 */
function figuresOfRollback({ service }: DeploymentDocument, before: Before, now: number): Figure[] {
  const { brokenSince, replaced } = before;
  const isFirstToTell = brokenSince === undefined && replaced !== undefined;
  return [
    figure('Deployments', 1, { service, status: 'ROLLED_BACK' }),
    ...(isFirstToTell ? [figure('FailedChanges', 1, { service })] : []),
    ...figuresOfRestoration(service, brokenSince ?? replaced?.at, now),
  ];
}

/**
 * Any other end of a run. `document` is what its last state made of the deployment, where that is known: what ECS was
 * never told of is no change. `brokenSince` is of a service that has been led back.
 */
export function figuresOfEnd(
  end: { service: string; status: string; error?: string | undefined },
  document: DeploymentDocument | undefined,
  run: Run,
  brokenSince: number | undefined,
  now: number,
): Figure[] {
  const { service, status } = end;
  const figures = [figure('Deployments', 1, { service, status }), ...figuresOfFailure(end)];
  // A redriven run that touched nothing has restored nothing either, whatever runs before it did.
  if (document === undefined || !isTouched(document)) return figures;
  const left = leftOf(document);
  const isFailed = left === 'CHANGED' || left === 'ROLLED_BACK';
  return [
    ...figures,
    ...figuresOfChange(document, run, isFailed),
    ...(left === 'ROLLED_BACK'
      ? figuresOfRestoration(service, brokenSince ?? document.rollout?.startedAt, now)
      : []),
  ];
}

/**
 * A failure by its name: one of errors.ts, so that there are not more metrics than there are names. A bug is told as what
 * alarms know; what an operator gives as the reason of an abort is no failure.
 */
function figuresOfFailure({ service, status, error }: Parameters<typeof figuresOfEnd>[0]): Figure[] {
  if (status !== 'FAILED' || error === undefined) return [];
  return [figure('Failures', 1, { service, error: isErrorName(error) ? error : 'FunctionCrashed' })];
}

/** A deployment is one change, counted in the first of its runs that touches the service. */
function figuresOfChange(document: DeploymentDocument, run: Run, isFailed: boolean): Figure[] {
  const { service, rollout, resume } = document;
  const isRedriven = run.redriveCount > 0;
  const isOfBefore = isRedriven && rollout !== undefined && rollout.startedAt <= run.since;
  const isCounted = resume?.left !== undefined || isOfBefore;
  if (isCounted || document.trigger.kind === 'rollback') return [];
  return [figure('Changes', 1, { service }), ...(isFailed ? [figure('FailedChanges', 1, { service })] : [])];
}

const figuresOfRestoration = (service: string, brokenSince: number | undefined, now: number): Figure[] =>
  brokenSince === undefined ? [] : [figure('TimeToRestore', seconds(brokenSince, now), { service })];
