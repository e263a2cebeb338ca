import { linkOf, type Notification, titleOf } from './notification.ts';

/** GitHub's state of a commit's status, and of a deployment's, each in its own words. */
const STATES = {
  RUNNING: ['pending', 'in_progress'],
  SUCCEEDED: ['success', 'success'],
  // Nothing is wrong with the commit, and yet it was not deployed.
  SUPERSEDED: ['error', 'inactive'],
  FAILED: ['failure', 'failure'],
  ABORTED: ['error', 'error'],
  TIMED_OUT: ['error', 'error'],
  BUILD_FAILED: ['failure', 'failure'],
} as const satisfies Record<Notification['status'], readonly [string, string]>;

/**
 * What GitHub gets about a commit and its deployment: a state, a line about it, and where there is more. Two
 * installations that deploy the same commit do not speak of each other's.
 */
export function githubReportOf(notification: Notification, stage: string) {
  const { service, status } = notification;
  const link = linkOf(notification);
  const [ofCommit, ofDeployment] = STATES[status];
  // GitHub takes at most 140 characters.
  const description = titleOf(notification).slice(0, 140);
  return {
    ofCommit: {
      state: ofCommit,
      context: `landfall/${stage}/${service}`,
      description,
      target_url: link,
    },
    ofDeployment: {
      state: ofDeployment,
      environment: `${stage}/${service}`,
      description,
      log_url: link,
    },
  };
}
