import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ExecutionStatusChange, endedRunOf, runResultOf } from '#lib/deployment/ending/ended-run.ts';
import { document, failureOf, NOON, revision, taskArn } from '../fixtures.ts';

const captured = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../events/${name}.json`, import.meta.url), 'utf8'));

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
