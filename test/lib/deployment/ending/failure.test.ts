import { describe, expect, it } from '@jest/globals';
import { causeOf, embedDetail, readFailure } from '#lib/deployment/ending/failure.ts';
import { DeploymentError, errors } from '#lib/deployment/errors.ts';
import { fc } from '#test/support/property.ts';
import { failure } from './failed.ts';

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
