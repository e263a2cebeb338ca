import { describe, expect, it } from '@jest/globals';
import { githubReportOf } from '#lib/deployment/notify/github-report.ts';
import type { Notification } from '#lib/deployment/notify/notification.ts';
import { failed, LINK } from './failed.ts';

describe('what GitHub is told', () => {
  it('of a commit and of its deployment is a state, a line about it, and where there is more', () => {
    const description = 'webapp was not deployed: MigrationFailed';

    expect(githubReportOf(failed, 'prod')).toEqual({
      ofCommit: { state: 'failure', context: 'landfall/prod/webapp', description, target_url: LINK },
      ofDeployment: { state: 'failure', environment: 'prod/webapp', description, log_url: LINK },
    });
  });

  it.each<[Notification['status'], string, string]>([
    ['RUNNING', 'pending', 'in_progress'],
    ['SUCCEEDED', 'success', 'success'],
    ['SUPERSEDED', 'error', 'inactive'],
    ['FAILED', 'failure', 'failure'],
    ['ABORTED', 'error', 'error'],
    ['TIMED_OUT', 'error', 'error'],
    ['BUILD_FAILED', 'failure', 'failure'],
  ])('of %s is %s of the commit and %s of the deployment', (status, ofCommit, ofDeployment) => {
    expect(githubReportOf({ ...failed, status }, 'prod')).toMatchObject({
      ofCommit: { state: ofCommit },
      ofDeployment: { state: ofDeployment },
    });
  });

  it('is no longer than GitHub takes, and has no address where there is none', () => {
    const { run: _, ...withoutRun } = failed;

    const { ofCommit, ofDeployment } = githubReportOf({ ...withoutRun, error: 'x'.repeat(200) }, 'prod');

    expect(ofCommit.description).toHaveLength(140);
    expect([ofCommit.target_url, ofDeployment.log_url]).toEqual([undefined, undefined]);
  });
});
