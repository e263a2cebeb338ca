import { describe, expect, it } from '@jest/globals';
import {
  attributesOf,
  detailOf,
  linkOf,
  messageOf,
  type Notification,
  notificationBaseOf,
  subjectOf,
  titleOf,
} from '#lib/deployment/notify/notification.ts';
import { document, release, settings } from '../fixtures.ts';
import { COMMIT, EXECUTION, failed, LINK } from './failed.ts';

describe('the subject of a mail', () => {
  it('is what SNS takes, whatever an operator has named the error', () => {
    const subject = subjectOf({ ...failed, status: 'ABORTED', error: `Köln\n${'x'.repeat(200)}` });

    expect(subject).toMatch(/^webapp: ABORTED K ln x+$/);
    expect(subject).toHaveLength(99);
  });
});

describe('the text of a mail', () => {
  it('ends with where there is more', () => {
    expect(messageOf(failed)).toBe(`${failed.text}\n\n${LINK}`);
  });

  it('of a build that failed leads to its log, and is the text alone where there is none', () => {
    const { run: _, ...build } = failed;

    expect(linkOf({ ...build, log: 'https://logs' })).toBe('https://logs');
    expect(messageOf(build)).toBe(failed.text);
  });
});

describe('the detail of an event', () => {
  it('has what is known, and leaves out what is not', () => {
    expect(detailOf({ ...failed, build: 'b:7', serviceOutcome: 'UNTOUCHED' })).toEqual({
      service: 'webapp',
      deployment: 'webapp-74aef81b1d23-7',
      correlationId: 'b:7',
      status: 'FAILED',
      execution: EXECUTION,
      redriveCount: 0,
      serviceOutcome: 'UNTOUCHED',
      commit: COMMIT,
      error: 'MigrationFailed',
      message: failed.text,
      link: LINK,
    });
    expect(detailOf({ service: 'webapp', deployment: 'b:8', status: 'BUILD_FAILED', text: 'No.' })).toEqual({
      service: 'webapp',
      deployment: 'b:8',
      correlationId: 'b:8',
      status: 'BUILD_FAILED',
      message: 'No.',
    });
  });
});

describe('the attributes of a message', () => {
  it('are what a filter policy can choose by', () => {
    expect(attributesOf(failed)).toEqual({
      service: { DataType: 'String', StringValue: 'webapp' },
      deployment: { DataType: 'String', StringValue: failed.deployment },
      status: { DataType: 'String', StringValue: 'FAILED' },
      correlationId: { DataType: 'String', StringValue: failed.deployment },
    });
  });
});

describe('the title of a notification', () => {
  it.each<[Notification['status'], string]>([
    ['RUNNING', 'webapp is being deployed'],
    ['SUCCEEDED', 'webapp is live'],
    ['SUPERSEDED', 'webapp gave way to another deployment'],
    ['FAILED', 'webapp was not deployed'],
    ['ABORTED', 'webapp was stopped'],
    ['TIMED_OUT', 'webapp ran into its timeout'],
    ['BUILD_FAILED', 'webapp was not built'],
  ])('of %s is: %s', (status, title) => {
    expect(titleOf({ ...failed, status, error: undefined })).toBe(title);
    expect(titleOf({ ...failed, status, error: 'X' })).toBe(`${title}: X`);
  });
});

describe('what every notification of a deployment has', () => {
  it('is who it is about, which run, and whether GitHub is told', () => {
    const github = { repository: 'pacuna/webapp', tokenSecret: 'landfall/github' };
    const pushed = document({ settings: settings({ github }) });

    expect(notificationBaseOf(pushed, { arn: EXECUTION, redriveCount: 2 })).toEqual({
      service: 'webapp',
      deployment: pushed.deployment,
      commit: release().commit,
      build: 'landfall-dev-webapp:7d0c',
      run: { execution: EXECUTION, redriveCount: 2 },
      github,
    });
  });
});
