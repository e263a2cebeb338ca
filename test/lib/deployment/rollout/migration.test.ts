import { describe, expect, it } from '@jest/globals';
import { decideMigration, decideStart, mayAdopt, STOP_REASON } from '#lib/deployment/rollout/migration.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import { NOON, stoppedTask, taskArn } from '../fixtures.ts';

const deadline = NOON + 60_000;

const running = (given: Partial<TaskObservation> = {}): TaskObservation => ({
  taskArn: taskArn('1'),
  lastStatus: 'RUNNING',
  containers: [{ name: 'webapp', essential: true }],
  ...given,
});

const stopped = (...containers: TaskObservation['containers']) => stoppedTask({ containers });

function failure(task: TaskObservation | undefined, now = NOON) {
  const decision = decideMigration(task, deadline, now);
  if (decision.verdict !== 'failed') throw new Error(`The verdict is ${decision.verdict}`);
  return decision.error;
}

const verdict = (task: TaskObservation | undefined, now = NOON) =>
  decideMigration(task, deadline, now).verdict;

describe('a migration', () => {
  it('has succeeded when its task stopped and every essential container exited 0', () => {
    const task = stopped(
      { name: 'webapp', essential: true, exitCode: 0 },
      { name: 'assets', essential: true, exitCode: 0 },
    );

    expect(verdict(task)).toBe('succeeded');
  });

  it('has succeeded whatever a sidecar exits with', () => {
    const task = stopped(
      { name: 'webapp', essential: true, exitCode: 0 },
      { name: 'proxy', essential: false, exitCode: 143 },
      { name: 'agent', essential: false },
    );

    expect(verdict(task)).toBe('succeeded');
  });

  it('has failed when one essential container of several exited otherwise', () => {
    const task = stopped(
      { name: 'webapp', essential: true, exitCode: 0 },
      { name: 'assets', essential: true, exitCode: 2 },
    );

    const error = failure(task);

    expect(error.name).toBe('MigrationFailed');
    expect(error.message).toContain('container assets exited with code 2');
    expect(error.detail).toMatchObject({ container: 'assets', exitCode: 2, taskArn: taskArn('1') });
  });

  it('has failed when it was killed: 137 with the reason that ECS gives', () => {
    const error = failure(
      stopped({
        name: 'webapp',
        essential: true,
        exitCode: 137,
        reason: 'OutOfMemoryError: Container killed due to memory usage',
      }),
    );

    expect(error.name).toBe('MigrationFailed');
    expect(error.message).toContain('exited with code 137, OutOfMemoryError: Container killed');
  });

  it('has failed when an essential container has no exit code, though another exited 0', () => {
    const task = stopped(
      { name: 'webapp', essential: true, exitCode: 0 },
      { name: 'assets', essential: true, reason: 'CannotStartContainerError' },
    );

    expect(failure(task)).toMatchObject({ name: 'MigrationFailed', detail: { container: 'assets' } });
  });

  it('has failed when it was stopped from outside, though its program then exited 0', () => {
    const task = stoppedTask({
      stopCode: 'SpotInterruption',
      stoppedReason: 'Your Spot Task was interrupted.',
      containers: [{ name: 'webapp', essential: true, exitCode: 0 }],
    });

    expect(failure(task)).toMatchObject({
      name: 'MigrationFailed',
      detail: { reason: 'SpotInterruption: Your Spot Task was interrupted.' },
    });
  });

  it('never started when no essential container has an exit code', () => {
    const task = stoppedTask({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: no such image',
      containers: [
        { name: 'webapp', essential: true },
        { name: 'proxy', essential: false, exitCode: 0 },
      ],
    });

    const error = failure(task);

    expect(error.name).toBe('MigrationNotStarted');
    expect(error.message).toContain('TaskFailedToStart: CannotPullContainerError: no such image');
    expect(error.detail).not.toHaveProperty('exitCode');
  });

  it('has not succeeded when ECS names no container at all', () => {
    expect(failure(stopped()).name).toBe('MigrationNotStarted');
  });

  it.each([
    ['runs', running()],
    ['starts', running({ lastStatus: 'PROVISIONING' })],
    ['stops', running({ lastStatus: 'DEPROVISIONING', containers: stoppedTask().containers })],
    ['is not shown yet, right after RunTask', undefined],
  ])('goes on while its task %s', (_, task) => {
    expect(verdict(task, deadline - 1)).toBe('progressing');
  });

  it('that succeeded past its deadline has succeeded', () => {
    expect(verdict(stopped({ name: 'webapp', essential: true, exitCode: 0 }), deadline * 2)).toBe(
      'succeeded',
    );
  });
});

describe('a migration past its deadline', () => {
  it('is overdue first, to be stopped and still waited for', () => {
    expect(verdict(running(), deadline)).toBe('overdue');
    expect(verdict(running(), deadline + 299_999)).toBe('overdue');
  });

  it('has timed out once the task that was told to stop has stopped, whatever it exits with', () => {
    for (const exitCode of [0, 137, undefined]) {
      const container = { name: 'webapp', essential: true, ...(exitCode === undefined ? {} : { exitCode }) };
      const task = stoppedTask({
        stopCode: 'UserInitiated',
        stoppedReason: STOP_REASON,
        containers: [container],
      });

      expect(failure(task)).toMatchObject({ name: 'MigrationTimedOut', detail: { taskArn: taskArn('1') } });
    }
  });

  it('that does not stop either is given up, and said to be running still', () => {
    const error = failure(running(), deadline + 300_000);

    expect(error.name).toBe('MigrationTimedOut');
    expect(error.message).toContain(
      'was told to stop and is still RUNNING past its deadline of 2026-03-02T12:01',
    );
  });

  it('that ECS does not show is given up at once', () => {
    expect(failure(undefined, deadline)).toMatchObject({
      name: 'MigrationTimedOut',
      message: expect.stringContaining('ECS does not show its task'),
    });
  });
});

describe('a redrive adopts the task of before', () => {
  it.each([
    [true, 'still runs', running()],
    [true, 'still starts', running({ lastStatus: 'PENDING' })],
    [true, 'has succeeded meanwhile', stopped({ name: 'webapp', essential: true, exitCode: 0 })],
    [false, 'has failed', stoppedTask()],
    [false, 'never started', stopped({ name: 'webapp', essential: true })],
    [false, 'was stopped at its deadline', stoppedTask({ stoppedReason: STOP_REASON })],
    [false, 'is forgotten by ECS', undefined],
  ])('%s when it %s', (adopts, _, task) => {
    expect(mayAdopt(task)).toBe(adopts);
  });
});

describe('of the unfinished migrations of a service', () => {
  const ours = { taskArn: taskArn('1'), taskDefinition: 'webapp:7', startedAt: NOON };
  const others = { taskArn: taskArn('2'), taskDefinition: 'webapp:6', startedAt: NOON };
  const decide = (unfinished: (typeof ours)[], now = NOON) => decideStart(unfinished, 'webapp:7', 60, now);

  it("the release's own is adopted, and with none a new one is started", () => {
    expect(decide([ours])).toEqual({ act: 'adopt', taskArn: ours.taskArn });
    expect(decide([])).toEqual({ act: 'start' });
  });

  it("another release's is waited for, also where our own runs too", () => {
    for (const unfinished of [[others], [ours, others]]) {
      expect(decide(unfinished)).toMatchObject({
        act: 'wait',
        overdue: false,
        error: { name: 'MigrationInProgress' },
      });
    }
  });

  it("another release's is overdue when it has run as long as a migration may", () => {
    expect(decide([others], NOON + 59_999)).toMatchObject({ overdue: false });
    expect(decide([others], NOON + 60_000)).toMatchObject({ overdue: true });
  });
});
