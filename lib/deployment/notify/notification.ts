import { correlationIdOf } from '#lib/deployment/correlation.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import type { ServiceOutcome } from '#lib/deployment/service-outcome.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { consoleAddressOf } from './console.ts';

/** How a deployment, or a build that should have become one, ended; RUNNING: that a run of it has begun. */
export interface Notification {
  service: string;
  /** Of BUILD_FAILED the build's id. */
  deployment: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'SUPERSEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT' | 'BUILD_FAILED';
  /** Absent for RUNNING and BUILD_FAILED, and where it is not known. */
  serviceOutcome?: ServiceOutcome | undefined;
  commit?: string | undefined;
  /** CodeBuild's id of the build that started it, or that failed. */
  build?: string | undefined;
  error?: string | undefined;
  /** For people: what happened, what runs now. */
  text: string;
  /** Which run of which execution; none of BUILD_FAILED. */
  run?: { execution: string; redriveCount: number };
  /** The address of the build's log, of BUILD_FAILED. */
  log?: string | undefined;
  /** Where the commit is, if GitHub gets a report. */
  github?: ServiceSettings['github'];
}

/** What every notification of a deployment has in common. */
export const notificationBaseOf = (
  { service, deployment, release, settings }: DeploymentDocument,
  { arn: execution, redriveCount }: { arn: string; redriveCount: number },
) => ({
  service,
  deployment,
  commit: release.commit,
  build: release.build?.id,
  run: { execution, redriveCount },
  github: settings.github,
});

/** Where there is more. */
export const linkOf = ({ run, log }: Notification) =>
  run === undefined ? log : consoleAddressOf(run.execution);

/** The detail of the event on EventBridge: docs/events/deployment-state-change.schema.json. */
export function detailOf(notification: Notification) {
  const {
    service,
    deployment,
    build,
    status,
    serviceOutcome,
    run,
    commit,
    error,
    text: message,
  } = notification;
  const link = linkOf(notification);
  return {
    service,
    deployment,
    correlationId: correlationIdOf({ deployment, build }),
    status,
    ...run,
    serviceOutcome,
    commit,
    error,
    message,
    link,
  };
}

/** SNS takes a subject of less than 100 characters of ASCII without line breaks; an operator may name an error anything. */
export const subjectOf = ({ service, status, error }: Notification) =>
  `${service}: ${status} ${error ?? ''}`
    .trim()
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 99);

/** The text of the mail. */
export function messageOf(notification: Notification): string {
  const link = linkOf(notification);
  return link === undefined ? notification.text : `${notification.text}\n\n${link}`;
}

/** What a subscription's filter policy can choose by, and what leads from the message to the log lines. */
export const attributesOf = ({ service, deployment, build, status }: Notification) =>
  Object.fromEntries(
    Object.entries({
      service,
      deployment,
      status,
      correlationId: correlationIdOf({ deployment, build }),
    }).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );

const TITLES: Record<Notification['status'], string> = {
  RUNNING: 'is being deployed',
  SUCCEEDED: 'is live',
  SUPERSEDED: 'gave way to another deployment',
  FAILED: 'was not deployed',
  ABORTED: 'was stopped',
  TIMED_OUT: 'ran into its timeout',
  BUILD_FAILED: 'was not built',
};

/** In a few words, where there is room for no more. */
export const titleOf = ({ service, status, error }: Notification) =>
  `${service} ${TITLES[status]}${error === undefined ? '' : `: ${error}`}`;
