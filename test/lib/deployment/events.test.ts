import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from '#lib/deployment/document.ts';
import { ExecutionStatusChange, endedRunOf, runResultOf } from '#lib/deployment/ending/ended-run.ts';
import {
  BuildStateChange,
  buildIdOf,
  documentOfBuild,
  serviceOfProject,
} from '#lib/deployment/release/build.ts';
import { EcsEvent, serviceWaitKeyOf, taskWaitKeyOf, waitKeysOf } from '#lib/deployment/rollout/hints.ts';
import { DIGEST, document, failureOf, NOON, revision, settings, taskArn } from './fixtures.ts';

const captured = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../events/${name}.json`, import.meta.url), 'utf8'));

describe('an ECS event hints', () => {
  it.each([
    'ecs-deployment-in-progress',
    'ecs-deployment-completed',
    'ecs-deployment-failed',
    'ecs-deployment-rollback',
    'ecs-service-action-steady',
    'ecs-service-action-placement-failure',
  ])('at the service that it is about: %s', (name) => {
    expect(waitKeysOf(EcsEvent.parse(captured(name)))).toEqual([serviceWaitKeyOf('default', 'servicetest')]);
  });

  it('at the task that stopped, when it was run alone', () => {
    const event = captured('ecs-task-stopped');

    expect(waitKeysOf(EcsEvent.parse(event))).toEqual([taskWaitKeyOf(event.detail.taskArn)]);
  });

  it('at the service, when it was one of its tasks that stopped', () => {
    const event = captured('ecs-task-stopped');
    event.detail.group = 'service:webapp-service';

    expect(waitKeysOf(EcsEvent.parse(event))).toEqual([serviceWaitKeyOf('mycluster', 'webapp-service')]);
  });

  it('in an old ARN without its cluster at nothing: it is refused', () => {
    const event = captured('ecs-service-action-steady');
    event.resources = ['arn:aws:ecs:us-west-2:111122223333:service/servicetest'];

    expect(EcsEvent.safeParse(event).success).toBe(false);
  });
});

describe('the event about a build', () => {
  const event = captured('codebuild-build-state-change.merged');

  it('names the build as BatchGetBuilds takes it', () => {
    expect(buildIdOf(BuildStateChange.parse(event))).toBe(
      'my-sample-project:8745a7a9-c340-456a-9166-edf953571bEX',
    );
  });

  it('is refused while the build is running', () => {
    const running = { ...event, detail: { ...event.detail, 'build-status': 'IN_PROGRESS' } };

    expect(BuildStateChange.safeParse(running).success).toBe(false);
  });

  it("names the service by its project, and no other installation's", () => {
    expect(serviceOfProject('landfall-dev-webapp', 'landfall-dev-')).toBe('webapp');
    expect(failureOf(() => serviceOfProject('landfall-prod-webapp', 'landfall-dev-'))).toMatchObject({
      name: 'InvalidEvent',
      message: expect.stringContaining('landfall-prod-webapp'),
    });
  });
});

describe('the deployment that a build starts', () => {
  const build = { id: 'landfall-dev-webapp:7d0c', number: 7, startedAt: 1_700_000_000_000, phases: ['…'] };
  const bundle = { bucket: 'landfall-artifacts', prefix: 'webapp/7d0c/bundle' };
  const file = {
    service: 'webapp',
    image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/webapp:0123456',
    digest: DIGEST,
    commit: '0123456789abcdef0123456789abcdef01234567',
    branch: 'main',
    author: 'pacuna',
    message: 'Add articles',
  };
  const made = (given: Partial<typeof file> = {}) =>
    documentOfBuild('webapp', settings(), build, bundle, { ...file, ...given });

  it('is a whole document, with what the build made and the settings of now', () => {
    expect(parseDocument(made())).toEqual({
      deployment: 'webapp-0123456789ab-7',
      service: 'webapp',
      settings: settings(),
      trigger: { kind: 'push', requestedBy: 'pacuna' },
      release: {
        image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/webapp',
        digest: DIGEST,
        commit: file.commit,
        branch: 'main',
        author: 'pacuna',
        message: 'Add articles',
        build: { id: build.id, number: 7, startedAt: 1_700_000_000_000 },
        bundle,
      },
    });
  });

  it('is the same byte for byte when the event arrives again: executions are started by name and input', () => {
    expect(JSON.stringify(made())).toBe(JSON.stringify(made()));
  });

  it('leaves out what the commit does not say, and keeps a long message short', () => {
    const { release, trigger } = made({ author: '', branch: '', message: 'x'.repeat(5_000) });

    expect(trigger).toEqual({ kind: 'push' });
    expect(release).not.toHaveProperty('author');
    expect(release).not.toHaveProperty('branch');
    expect(release.message).toHaveLength(1_000);
  });

  it('names who asked for its build through the API, where somebody did', () => {
    const asked = { ...build, requestedBy: 'arn:aws:iam::123456789012:user/ann' };

    const { trigger } = documentOfBuild('webapp', settings(), asked, bundle, file);

    expect(trigger).toEqual({ kind: 'ref', requestedBy: 'arn:aws:iam::123456789012:user/ann' });
  });

  it("is refused when the bundle is another service's", () => {
    expect(failureOf(() => made({ service: 'payments' }))).toMatchObject({
      name: 'BundleUnreadable',
      message: expect.stringContaining('is about payments, not about webapp'),
    });
  });
});

describe("the event about an execution's end", () => {
  const ended = (detail: Record<string, unknown> = {}) => {
    const event = captured('sfn-execution-status-change-failed');
    return ExecutionStatusChange.parse({
      ...event,
      detail: { ...event.detail, input: JSON.stringify(document()), ...detail },
    });
  };

  it.each([
    ['FAILED', 'FAILED', /failed without reaching HaltDeployment/],
    ['TIMED_OUT', 'TIMED_OUT', /ran into its timeout/],
    ['ABORTED', 'ABORTED', /Somebody stopped the execution/],
    ['SUCCEEDED', 'SUPERSEDED', /Another deployment took its place/],
  ])('%s is recorded as %s, and says why', (status, recorded, message) => {
    const end = endedRunOf(ended({ status }));

    expect(end).toMatchObject({
      service: 'webapp',
      deployment: 'name',
      execution: 'arn:aws:states:us-east-2:111122223333:execution:sm:name',
      status: recorded,
    });
    expect(runResultOf(end)).toMatchObject({ status: recorded, message: expect.stringMatching(message) });
  });

  it('keeps error and cause, and tells that ECS goes on where nobody knows with what', () => {
    const account = runResultOf(endedRunOf(ended({ error: 'States.Runtime', cause: 'An error occurred' })));

    expect(account).toEqual({
      status: 'FAILED',
      redriveCount: 0,
      error: 'States.Runtime',
      message:
        'The execution failed without reaching HaltDeployment. States.Runtime An error occurred. What ECS was told to do goes on; a redrive goes on from the state that was interrupted.',
    });
  });

  it('tells what is left running where the history knows it', () => {
    const interrupted = document({
      running: { taskDefinition: revision(6) },
      migration: { attempt: 1, taskArn: taskArn('1'), deadline: NOON, status: 'running' },
    });
    const end = endedRunOf(ended({ status: 'ABORTED', error: 'Aborted', cause: 'by Ann through the API' }));

    expect(runResultOf(end, { document: interrupted, state: 'AwaitMigration', enteredAt: NOON })).toEqual({
      status: 'ABORTED',
      redriveCount: 0,
      error: 'Aborted',
      serviceOutcome: 'UNTOUCHED',
      message: `Somebody stopped the execution. Aborted by Ann through the API. The service was not touched: ${revision(6)} runs. Its migration goes on: task ${taskArn('1')}. A redrive goes on from AwaitMigration.`,
    });
  });

  it('of a displaced deployment does not speak of ECS: nothing had been started', () => {
    const end = endedRunOf(ended({ status: 'SUCCEEDED', error: null, cause: null }));

    expect(runResultOf(end).message).toBe('Another deployment took its place.');
    expect(runResultOf(end, { document: document(), state: 'Superseded', enteredAt: NOON })).toMatchObject({
      serviceOutcome: 'UNTOUCHED',
      message: 'Another deployment took its place.',
    });
  });

  it('is bounded, and keeps its advice however long the cause is', () => {
    const { message } = runResultOf(endedRunOf(ended({ cause: 'x'.repeat(32_000) })));

    expect(message.length).toBeLessThanOrEqual(8_000);
    expect(message).toContain('What ECS was told to do goes on');
  });

  it.each([
    [2, 2],
    [null, 0],
    [undefined, 0],
  ])('with redriveCount %j is about run %i', (redriveCount, run) => {
    expect(endedRunOf(ended({ redriveCount })).redriveCount).toBe(run);
  });

  it.each([
    ['none', null],
    ['another', '{}'],
    ['no JSON', 'x'],
    ['a bad service name', '{"service":"A B"}'],
  ])('with an input that is %s document is refused', (_, input) => {
    expect(failureOf(() => endedRunOf(ended({ input }))).name).toBe('InvalidEvent');
  });
});
