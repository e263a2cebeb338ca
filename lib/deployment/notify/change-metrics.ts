import type { DeploymentDocument, LastKnownGood } from '#lib/deployment/document.ts';
import { serviceOutcomeOf } from '#lib/deployment/ending/service-outcome-of.ts';
import { isTouched } from '#lib/deployment/ending/touched.ts';
import { isErrorName } from '#lib/deployment/errors.ts';
import { createMetric, type Metric, secondsBetween } from './metrics.ts';

/** The service before a release goes live: since when it was broken, and the release that is replaced. */
export interface ServiceBefore {
  brokenSince?: number | undefined;
  replaced?: LastKnownGood | undefined;
}

/** One run of an execution, and when it began. */
interface Run {
  redriveCount: number;
  since: number;
}

/** A release that has gone live. */
export function metricsOfSuccess(
  document: DeploymentDocument,
  run: Run,
  before: ServiceBefore,
  now: number,
): Metric[] {
  const { service, release, trigger } = document;
  if (trigger.kind === 'rollback') return metricsOfRollback(document, before, now);
  return [
    createMetric('Deployments', 1, { service, status: 'SUCCEEDED' }),
    ...metricsOfChange(document, run, false),
    ...(release.build === undefined
      ? []
      : [createMetric('LeadTime', secondsBetween(release.build.startedAt, now), { service })]),
    ...metricsOfRestoration(service, before.brokenSince, now),
  ];
}

/**
 * A rollback by hand that has gone live. It is no change itself, but shows that the change it undoes has failed. That
 * change counted as good when it went live, unless the service is known as broken already.
 */
function metricsOfRollback({ service }: DeploymentDocument, before: ServiceBefore, now: number): Metric[] {
  const { brokenSince, replaced } = before;
  const isFirstToTell = brokenSince === undefined && replaced !== undefined;
  return [
    createMetric('Deployments', 1, { service, status: 'ROLLED_BACK' }),
    ...(isFirstToTell ? [createMetric('FailedChanges', 1, { service })] : []),
    ...metricsOfRestoration(service, brokenSince ?? replaced?.at, now),
  ];
}

/**
 * A run that did not make its release live. `document` is its last one, where that is known: without an order to ECS
 * there is no change. `brokenSince` is that of the service when the run ended.
 */
export function metricsOfUnsuccessfulRun(
  end: { service: string; status: string; error?: string | undefined },
  document: DeploymentDocument | undefined,
  run: Run,
  brokenSince: number | undefined,
  now: number,
): Metric[] {
  const { service, status } = end;
  const metrics = [createMetric('Deployments', 1, { service, status }), ...metricsOfFailure(end)];
  // A redriven run that touched nothing has restored nothing either, whatever runs before it did.
  if (document === undefined || !isTouched(document)) return metrics;
  const serviceOutcome = serviceOutcomeOf(document);
  const isFailed = serviceOutcome === 'CHANGED' || serviceOutcome === 'ROLLED_BACK';
  return [
    ...metrics,
    ...metricsOfChange(document, run, isFailed),
    ...(serviceOutcome === 'ROLLED_BACK'
      ? metricsOfRestoration(service, brokenSince ?? document.rollout?.startedAt, now)
      : []),
  ];
}

/**
 * A failure by its name: one of errors.ts, so that there are not more metrics than there are names. A bug counts under
 * the name that alarms watch. What an operator gives as the reason of an abort is no failure.
 */
function metricsOfFailure({
  service,
  status,
  error,
}: Parameters<typeof metricsOfUnsuccessfulRun>[0]): Metric[] {
  if (status !== 'FAILED' || error === undefined) return [];
  return [createMetric('Failures', 1, { service, error: isErrorName(error) ? error : 'FunctionCrashed' })];
}

/** A deployment is one change, counted in the first of its runs that touches the service. */
function metricsOfChange(document: DeploymentDocument, run: Run, isFailed: boolean): Metric[] {
  const { service, rollout, resume } = document;
  const isRedriven = run.redriveCount > 0;
  const isOfBefore = isRedriven && rollout !== undefined && rollout.startedAt <= run.since;
  const isCounted = resume?.serviceOutcomeText !== undefined || isOfBefore;
  if (isCounted || document.trigger.kind === 'rollback') return [];
  return [
    createMetric('Changes', 1, { service }),
    ...(isFailed ? [createMetric('FailedChanges', 1, { service })] : []),
  ];
}

const metricsOfRestoration = (service: string, brokenSince: number | undefined, now: number): Metric[] =>
  brokenSince === undefined
    ? []
    : [createMetric('TimeToRestore', secondsBetween(brokenSince, now), { service })];
