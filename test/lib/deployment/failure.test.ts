import { describe, expect, it } from '@jest/globals';
import { hasMovedSchema } from '#lib/deployment/claim/schema-ahead.ts';
import type { DeploymentDocument, Failure } from '#lib/deployment/document.ts';
import type { BrokenSinceChange } from '#lib/deployment/ending/broken-since.ts';
import { brokenSinceChangeOf } from '#lib/deployment/ending/broken-since.ts';
import { causeOf, embedDetail, readFailure } from '#lib/deployment/ending/failure.ts';
import { describeFailure, HaltedDeployment, isRedriven, runErrorOf } from '#lib/deployment/ending/halt.ts';
import { markInterrupted } from '#lib/deployment/ending/interruption.ts';
import { resumeDocument, resumeStateOf } from '#lib/deployment/ending/resume.ts';
import { describeServiceOutcome, serviceOutcomeOf } from '#lib/deployment/ending/service-outcome-of.ts';
import { DeploymentError, errors } from '#lib/deployment/errors.ts';
import type { ServiceOutcome } from '#lib/deployment/service-outcome.ts';
import { fc } from '#test/support/property.ts';
import { document, lastKnownGood, NOON, OURS, revision, settings, taskArn } from './fixtures.ts';

const failure = (given: Partial<Failure> = {}): Failure => ({
  state: 'AwaitRollout',
  error: 'RolloutCrashLoop',
  cause: causeOf(new DeploymentError('RolloutCrashLoop', '3 tasks stopped')),
  redriveCount: 0,
  ...given,
});

const rollout = {
  deploymentId: OURS,
  taskDefinition: revision(7),
  startedAt: NOON - 1,
  deadline: NOON + 1,
};

const rolledOut = (given: Partial<DeploymentDocument> = {}) =>
  document({ rollout, lastKnownGood: lastKnownGood(), failure: failure(), ...given });

describe('errors', () => {
  it('say what happened, why, and what to do', () => {
    const error = new DeploymentError('ImageNotFound', 'webapp:v9 does not exist in ECR');

    expect(error.message).toBe(
      'The image is not in its repository: webapp:v9 does not exist in ECR; push the image or build the commit again, then redrive.',
    );
    expect(`${error}`).toMatch(/^ImageNotFound: /);
  });

  it('says the remedy of where it was thrown, and beforehand does not speak of a redrive', () => {
    const frozen = new DeploymentError('ServiceFrozen', 'Ann froze webapp');
    const known = new DeploymentError('NotRedrivable', 'Execution is RUNNING', { remedy: 'watch it' });

    expect(frozen.message).toMatch(/; wait until the freeze ends or lift it, then redrive\.$/);
    expect(frozen.refusal).toMatch(/; wait until the freeze ends or lift it, then ask again\.$/);
    expect([known.message, known.refusal]).toEqual(
      Array(2).fill('Step Functions does not redrive this deployment: Execution is RUNNING; watch it.'),
    );
  });

  it.each(Object.entries(errors))('%s reads as one sentence and its remedy', (_name, meaning) => {
    expect(meaning.happened).toMatch(/^([A-Z]|services\.yml ).*[^.]$/);
    expect(meaning.remedy).toMatch(/^[^A-Z].*[^.]$/);
  });
});

describe('a cause', () => {
  it('of our callbacks is read back as it was told', () => {
    const detail = { exitCode: 1, container: 'webapp', logTail: ['boom'] };
    const error = new DeploymentError('MigrationFailed', 'container webapp exited with code 1', { detail });

    const reading = readFailure(failure({ state: 'AwaitMigration', cause: causeOf(error) }));

    expect(reading).toMatchObject({ state: 'AwaitMigration', message: error.message, detail });
  });

  it('of Lambda gives its message', () => {
    const cause = JSON.stringify({ errorType: 'TypeError', errorMessage: 'x is undefined', trace: ['…'] });

    expect(readFailure(failure({ cause }))).toMatchObject({ message: 'x is undefined', detail: {} });
  });

  it.each([
    ['plain text', 'The Lambda function timed out', 'The Lambda function timed out'],
    ['JSON of another form', '{"reason":"x"}', '{"reason":"x"}'],
    ['a JSON text', '"x"', '"x"'],
    ['JSON null', 'null', 'null'],
    ['nothing', '', 'Step Functions gives no cause'],
  ])('of Step Functions itself is told as it is: %s', (_, cause, message) => {
    expect(readFailure(failure({ cause })).message).toBe(message);
  });

  it('of Lambda gives the detail, too, where the error was traced', () => {
    const detail = { exitCode: 3, container: 'webapp', logTail: ['one', '\u001b[31mtwo'] };
    const error = new DeploymentError('RolloutCrashLoop', '3 tasks stopped', { detail });

    embedDetail(error);
    const { name: errorType, message: errorMessage, stack = '' } = error;
    const cause = JSON.stringify({ errorType, errorMessage, trace: stack.split('\n') });

    expect(readFailure(failure({ cause }))).toEqual({
      state: 'AwaitRollout',
      error: 'RolloutCrashLoop',
      message: errorMessage,
      detail,
    });
  });

  it('never gets so long by its detail that Step Functions would cut it off: the last lines are kept', () => {
    const logTail = Array.from({ length: 50 }, (_, line) => `${line}${'\u0007'.repeat(5_000)}`);
    const error = new DeploymentError('RolloutCrashLoop', 'x', { detail: { exitCode: 1, logTail } });

    embedDetail(error);

    expect(JSON.stringify({ trace: error.stack?.split('\n') }).length).toBeLessThanOrEqual(10_000);
    expect(error.stack).toContain('"exitCode":1');
  });

  it('without a proper detail still gives its message', () => {
    for (const detail of [null, 'x', 7]) {
      expect(readFailure(failure({ cause: JSON.stringify({ errorMessage: 'm', detail }) }))).toMatchObject({
        message: 'm',
        detail: {},
      });
    }
  });

  it('never exceeds what SendTaskFailure takes, and stays readable', () => {
    const text = fc.oneof(
      fc.string({ size: 'large' }),
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.string({ minLength: 1 }), fc.nat({ max: 40_000 }))
        .map(([part, times]) => part.repeat(times)),
      // Each takes six characters in JSON.
      fc.nat({ max: 40_000 }).map((times) => '\u001b'.repeat(times)),
    );
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), (why, logTail) => {
        const error = new DeploymentError('MigrationFailed', why.slice(0, 60_000), { detail: { logTail } });

        const cause = causeOf(error);

        expect(cause.length).toBeLessThanOrEqual(32_768);
        expect(readFailure(failure({ cause })).message).toContain(errors.MigrationFailed.happened);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is left running', () => {
  const notTouched = document({ failure: failure({ state: 'VerifyRelease', error: 'ImageNotFound' }) });

  it.each<[string, ServiceOutcome, DeploymentDocument, string]>([
    ['before anything was changed', 'UNTOUCHED', notTouched, 'The service was not touched.'],
    [
      'before anything was changed on a service that ran',
      'UNTOUCHED',
      { ...notTouched, running: { taskDefinition: revision(6) } },
      `The service was not touched: ${revision(6)} runs.`,
    ],
    [
      'when UpdateService was refused its claim before it called ECS',
      'UNTOUCHED',
      document({
        failure: failure({ state: 'UpdateService', error: 'ServiceFrozen' }),
        running: { taskDefinition: revision(6) },
        lastKnownGood: lastKnownGood(),
      }),
      `The service was not touched: ${revision(6)} runs.`,
    ],
    [
      'after a rollback',
      'ROLLED_BACK',
      rolledOut({ rollback: { ...rollout, taskDefinition: revision(6) }, rollbackDone: true }),
      `Rolled back: ${revision(6)} runs.`,
    ],
    [
      'after a rollback that failed',
      'CHANGED',
      rolledOut({ rollbackFailure: failure({ state: 'AwaitRollback', cause: 'no room' }) }),
      `The rollback to ${revision(6)} failed in AwaitRollback: no room. ECS has been told to go back.`,
    ],
    [
      'after a rollback that failed before it began',
      'CHANGED',
      rolledOut({ rollbackFailure: failure({ state: 'RollBackService', cause: 'denied.' }) }),
      `The rollback to ${revision(6)} failed in RollBackService: denied. ECS goes on with ${revision(7)}, unless it was told to go back all the same.`,
    ],
    [
      'on the first deployment ever',
      'CHANGED',
      rolledOut({ lastKnownGood: null }),
      `Not rolled back: no release has gone live yet, so there is none to go back to. ECS goes on with ${revision(7)}.`,
    ],
    [
      'where services.yml says rollback: manual',
      'CHANGED',
      rolledOut({ settings: settings({ rollback: 'manual' }) }),
      `Not rolled back: services.yml says rollback: manual. ECS goes on with ${revision(7)}. The last known good is ${revision(6)}.`,
    ],
    [
      'when the schema has gone ahead of the old code',
      'CHANGED',
      rolledOut({
        settings: settings({ migration: { overrides: 'm.json', backwardCompatible: false } }),
        migration: { attempt: 1, taskArn: taskArn('1'), deadline: NOON, status: 'succeeded' },
      }),
      `Not rolled back: the migration that ran is not backward compatible, so ${revision(6)} could not run on the new schema. ECS goes on with ${revision(7)}. The last known good is ${revision(6)}.`,
    ],
    [
      "when somebody else's deployment is running",
      'TAKEN_OVER',
      rolledOut({ failure: failure({ error: 'RolloutReplaced' }) }),
      "Not rolled back: somebody else's deployment runs, which is theirs to keep or to undo.",
    ],
    [
      'when ECS rolled back by itself and there was no going back for us',
      'ROLLED_BACK',
      rolledOut({ failure: failure({ error: 'RolloutRolledBack' }), lastKnownGood: null }),
      'ECS has gone back to the revision of before by itself.',
    ],
    [
      'when the service was deleted',
      'TAKEN_OVER',
      rolledOut({ failure: failure({ error: 'ServiceUnusable' }) }),
      'The service has been deleted: nothing of it goes on running.',
    ],
    [
      'when nobody knows whether the service was updated, and it was not rolled back',
      'CHANGED',
      document({
        failure: failure({ state: 'UpdateService', error: 'AwsUnavailable' }),
        lastKnownGood: lastKnownGood(),
      }),
      `Not rolled back. The last known good is ${revision(6)}.`,
    ],
    [
      'when ECS refused the update',
      'UNTOUCHED',
      document({
        failure: failure({ state: 'UpdateService', error: 'RolloutRejected' }),
        running: { taskDefinition: revision(6) },
        lastKnownGood: lastKnownGood(),
      }),
      `The service was not touched: ${revision(6)} runs.`,
    ],
    [
      'when a re-driven deployment was refused in the queue after its first run had touched the service',
      'ROLLED_BACK',
      document({
        failure: failure({ state: 'ClaimService', error: 'ServiceFrozen', redriveCount: 1 }),
        running: { taskDefinition: revision(6) },
        resume: {
          from: 'UpdateService',
          after: 'RolloutCrashLoop',
          count: 1,
          serviceOutcomeText: 'Rolled back.',
          serviceOutcome: 'ROLLED_BACK',
        },
      }),
      'Since the redrive the service was not touched. Before it: Rolled back.',
    ],
    [
      'when only the bookkeeping failed',
      'LIVE',
      rolledOut({ failure: failure({ state: 'CompleteDeployment' }) }),
      `The release is live: ${revision(7)} runs.`,
    ],
    [
      'when another deployment took the service over before the release was on record',
      'TAKEN_OVER',
      rolledOut({ failure: failure({ state: 'CompleteDeployment', error: 'ClaimLost' }) }),
      `The release was live as ${revision(7)} until another deployment took the service over.`,
    ],
    [
      'when a re-driven deployment was refused because a newer release is live',
      'TAKEN_OVER',
      document({
        failure: failure({ state: 'ClaimService', error: 'NewerReleaseLive', redriveCount: 1 }),
        resume: {
          from: 'UpdateService',
          after: 'RolloutCrashLoop',
          count: 1,
          serviceOutcomeText: 'Changed.',
          serviceOutcome: 'CHANGED',
        },
      }),
      "The service was not touched by this run: it is another deployment's now, and so is what runs.",
    ],
    [
      'when ECS undid the way back',
      'CHANGED',
      rolledOut({
        rollbackFailure: failure({ state: 'AwaitRollback', error: 'RolloutRolledBack', cause: 'ECS did it' }),
      }),
      `The rollback to ${revision(6)} failed in AwaitRollback: ECS did it. ECS has been told to go back.`,
    ],
    [
      'when another deployment had the service before the way back',
      'TAKEN_OVER',
      rolledOut({
        rollbackFailure: failure({ state: 'RollBackService', error: 'ClaimLost', cause: 'x holds it' }),
      }),
      `The rollback to ${revision(6)} failed in RollBackService: x holds it. ECS goes on with ${revision(7)}, unless it was told to go back all the same.`,
    ],
  ])('is told %s: %s', (_, serviceOutcome, given, sentence) => {
    expect(describeServiceOutcome(given)).toBe(sentence);
    expect(serviceOutcomeOf(given)).toBe(serviceOutcome);
  });

  const interrupted = (state: string, given: Partial<DeploymentDocument>) =>
    markInterrupted(document({ lastKnownGood: lastKnownGood(), ...given }), { state, isOver: false }, 0);

  it.each<[string, ServiceOutcome, BrokenSinceChange | undefined, Partial<DeploymentDocument>, string]>([
    ['RegisterTaskDefinition', 'UNTOUCHED', undefined, {}, 'The service was not touched.'],
    [
      'UpdateService',
      'CHANGED',
      { brokenSince: NOON },
      {},
      `Not rolled back: the execution ended before it could be. The last known good is ${revision(6)}.`,
    ],
    [
      'AwaitRollout',
      'CHANGED',
      { brokenSince: NOON - 1 },
      { rollout },
      `Not rolled back: the execution ended before it could be. ECS goes on with ${revision(7)}. The last known good is ${revision(6)}.`,
    ],
    [
      'RollBackService',
      'CHANGED',
      { brokenSince: NOON - 1 },
      { rollout, failure: failure() },
      `The rollback to ${revision(6)} was interrupted in RollBackService. ECS goes on with ${revision(7)}, unless it was told to go back all the same.`,
    ],
    [
      'AwaitRollback',
      'CHANGED',
      { brokenSince: NOON - 1 },
      { rollout, failure: failure() },
      `The rollback to ${revision(6)} was interrupted in AwaitRollback. ECS has been told to go back.`,
    ],
    [
      'HaltDeployment',
      'ROLLED_BACK',
      { restoredAt: NOON },
      { rollout, failure: failure(), rollbackDone: true },
      'Rolled back: the last known good runs.',
    ],
    ['CompleteDeployment', 'LIVE', undefined, { rollout }, `The release is live: ${revision(7)} runs.`],
  ])(
    'is told of an execution that was interrupted in %s: %s',
    (state, serviceOutcome, brokenSinceChange, given, sentence) => {
      const document = interrupted(state, given);

      expect(serviceOutcomeOf(document)).toBe(serviceOutcome);
      expect(describeServiceOutcome(document)).toBe(sentence);
      expect(brokenSinceChangeOf(document, NOON)).toEqual(brokenSinceChange);
    },
  );
});

describe('a migration that is not backward compatible', () => {
  const migration = { attempt: 1, taskArn: taskArn('1'), deadline: NOON, status: 'running' as const };
  const ahead = settings({ migration: { overrides: 'm.json', backwardCompatible: false } });

  it.each<[boolean, string, Partial<DeploymentDocument>]>([
    [
      true,
      'that failed',
      { migration, failure: failure({ state: 'AwaitMigration', error: 'MigrationFailed' }) },
    ],
    [true, 'that went well', { migration }],
    [false, 'that never ran', {}],
    [
      false,
      'that never began',
      { migration, failure: failure({ state: 'RunMigration', error: 'MigrationNotStarted' }) },
    ],
    [
      false,
      'of an earlier run, when this one was refused in the queue',
      { migration, failure: failure({ state: 'ClaimService', error: 'ServiceFrozen' }) },
    ],
    [
      false,
      "of an earlier run, when the service is another's by now",
      { migration, failure: failure({ error: 'ClaimLost' }) },
    ],
  ])('has moved the schema (%s) where it is one %s', (moved, _, given) => {
    expect(hasMovedSchema(document({ settings: ahead, ...given }))).toBe(moved);
  });
});

describe('the message of a halted deployment', () => {
  it('says which state, why, what runs, the log and where a redrive goes on', () => {
    const error = new DeploymentError('RolloutCrashLoop', '3 tasks stopped', {
      detail: { logTail: ['Error: connect ECONNREFUSED', '    at server.js:7'] },
    });
    const failed = failure({ cause: causeOf(error) });

    const message = describeFailure(rolledOut({ failure: failed, rollbackDone: true }), failed);

    expect(message.split('\n')).toEqual([
      'AwaitRollout failed with RolloutCrashLoop.',
      error.message,
      'Rolled back: the last known good runs.',
      'Last log lines:',
      '  Error: connect ECONNREFUSED',
      '      at server.js:7',
      'A redrive goes on from UpdateService.',
    ]);
  });

  it('is bounded, and however long the cause is it says what runs and where a redrive goes on', () => {
    const error = new DeploymentError('RolloutCrashLoop', 'x'.repeat(20_000), {
      detail: { logTail: Array.from({ length: 10 }, () => 'y'.repeat(1_000)) },
    });
    const failed = failure({ cause: causeOf(error) });

    const message = describeFailure(rolledOut({ failure: failed }), failed);

    expect(message.length).toBeLessThanOrEqual(8_000);
    expect(message).toContain(`The last known good is ${revision(6)}.`);
    expect(message).toContain('Last log lines:');
    expect(message).toMatch(/A redrive goes on from UpdateService\.$/);
  });

  it('promises no redrive that is refused because a newer release is live', () => {
    const outdated = document({ failure: failure({ state: 'ClaimService', error: 'NewerReleaseLive' }) });

    const message = describeFailure(outdated, outdated.failure as Failure);

    expect(message).toMatch(/A redrive is refused: a newer release has gone live\.$/);
  });

  it('ends under the name of the failure, or as RollbackFailed', () => {
    expect(runErrorOf(rolledOut(), failure())).toBe('RolloutCrashLoop');
    expect(runErrorOf(rolledOut({ rollbackFailure: failure() }), failure())).toBe('RollbackFailed');
    expect(runErrorOf(rolledOut(), failure({ error: 'TypeError' }))).toBe('TypeError');
    // Nothing has failed that needs a person: another deployment sees to the service.
    const lost = failure({ state: 'RollBackService', error: 'ClaimLost' });
    expect(runErrorOf(rolledOut({ rollbackFailure: lost }), failure())).toBe('ClaimLost');
    expect(new HaltedDeployment('TypeError', 'm')).toMatchObject({ name: 'TypeError', message: 'm' });
  });

  it.each([
    ['Lambda.ServiceException', 'AwsUnavailable'],
    ['Lambda.AWSLambdaException', 'AwsUnavailable'],
    ['Lambda.Unknown', 'FunctionCrashed'],
    ['Sandbox.Timedout', 'FunctionCrashed'],
    ['Runtime.ExitError', 'FunctionCrashed'],
    ['States.Timeout', 'FunctionCrashed'],
  ])(
    'ends %s as %s: HaltDeployment would try its own failure again under the first name',
    (error, ending) => {
      expect(runErrorOf(rolledOut(), failure({ error }))).toBe(ending);
    },
  );

  it('ends as AccessDenied where the machine may not call its function', () => {
    const cause = 'not authorized (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException)';

    expect(runErrorOf(rolledOut(), failure({ error: 'Lambda.AWSLambdaException', cause }))).toBe(
      'AccessDenied',
    );
  });
});

describe('a redrive goes on', () => {
  const untouched = document();
  const touched = document({ rollout });

  it.each<[failed: string, from: string, DeploymentDocument]>([
    ['ClaimService', 'VerifyRelease', untouched],
    ['VerifyRelease', 'VerifyRelease', untouched],
    ['RegisterTaskDefinition', 'VerifyRelease', untouched],
    ['RunMigration', 'RunMigration', untouched],
    ['AwaitMigration', 'RunMigration', untouched],
    ['UpdateService', 'UpdateService', untouched],
    ['AwaitRollout', 'UpdateService', touched],
    ['CheckHealth', 'UpdateService', touched],
    // migration.when: after, when the rollout may have been rolled back.
    ['AwaitMigration', 'UpdateService', touched],
    // Its claim was freed with the failure: what runs has to be seen again before it is called live.
    ['CompleteDeployment', 'UpdateService', touched],
  ])('after %s from %s', (state, from, given) => {
    expect(resumeStateOf({ ...given, failure: failure({ state }) }, state)).toBe(from);
  });

  const migration = { attempt: 2, taskArn: taskArn('1'), deadline: NOON, status: 'succeeded' as const };
  const failed = rolledOut({
    claim: { fence: 3, redriveCount: 0 },
    running: { taskDefinition: revision(6) },
    taskDefinition: { arn: revision(7), reused: false },
    migration,
    health: { verdict: 'waiting', consecutive: 0, deadline: NOON },
    rollback: rollout,
    rollbackDone: true,
    rollbackFailure: failure(),
  });

  it('with what has succeeded kept, and what failed forgotten', () => {
    const { claim, rollout, health, rollback, rollbackDone, rollbackFailure, failure: _, ...kept } = failed;

    const resumed = resumeDocument(failed, failure());

    expect(resumed).toEqual({
      ...kept,
      resume: {
        from: 'UpdateService',
        after: 'RolloutCrashLoop',
        count: 1,
        serviceOutcomeText: `Rolled back: ${revision(7)} runs.`,
        serviceOutcome: 'ROLLED_BACK',
      },
    });
  });

  it('where it had got to, when it was refused in the queue', () => {
    const again = { ...resumeDocument(failed, failure()), failure: failure({ state: 'ClaimService' }) };

    const resumed = resumeDocument(again, again.failure);

    expect(resumed.resume).toMatchObject({
      from: 'UpdateService',
      serviceOutcomeText: `Rolled back: ${revision(7)} runs.`,
      count: 2,
    });
  });

  it('only when whatever failed did so in an earlier run', () => {
    const { rollbackFailure: _, ...rolledBack } = failed;

    expect(isRedriven(rolledBack, failure(), { redriveCount: 0 })).toBe(false);
    expect(isRedriven(rolledBack, failure(), { redriveCount: 1 })).toBe(true);
    // The redrive went on with the way back, and that failed.
    const wayBack = { ...failed, rollbackFailure: failure({ redriveCount: 1 }) };
    expect(isRedriven(wayBack, failure(), { redriveCount: 1 })).toBe(false);
    expect(isRedriven(wayBack, failure(), { redriveCount: 2 })).toBe(true);
  });

  it('with each redrive counted', () => {
    const once = resumeDocument(failed, failure());

    const twice = resumeDocument({ ...once, failure: failure() }, failure({ error: 'TypeError' }));

    expect(twice.resume).toMatchObject({ after: 'unknown', count: 2 });
  });
});
