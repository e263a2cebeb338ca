import { describe, expect, it } from '@jest/globals';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import { NOON, stoppedTask, taskArn } from '../fixtures.ts';
import { crashed, decide, failure, rollout, underWay } from './rolling.ts';

describe('a crash loop', () => {
  it('is told at the configured number of stopped tasks, with the reason of the last one', () => {
    const tasks = crashed(3);
    tasks[1] = stoppedTask({
      taskArn: taskArn('last'),
      stoppedAt: NOON + 1,
      containers: [
        { name: 'sidecar', essential: false, exitCode: 9 },
        { name: 'webapp', essential: true, exitCode: 137, reason: 'OutOfMemoryError: Container killed' },
      ],
    });

    expect(decide(underWay(), tasks.slice(0, 2)).verdict).toBe('progressing');
    const error = failure(underWay(), tasks);

    expect(error.name).toBe('RolloutCrashLoop');
    expect(error.message).toContain(
      'container webapp exited with code 137, OutOfMemoryError: Container killed, EssentialContainerExited',
    );
    expect(error.detail).toMatchObject({ taskArn: taskArn('last'), container: 'webapp', exitCode: 137 });
  });

  it('is not made of tasks that stopped before the wait began: an older deployment may be adopted', () => {
    expect(decide(underWay(), crashed(9, { stoppedAt: rollout.startedAt - 1 })).verdict).toBe('progressing');
  });

  it('is not made of tasks of other deployments', () => {
    expect(decide(underWay(), crashed(9, { startedBy: 'ecs-svc/6' })).verdict).toBe('progressing');
  });

  it.each<Partial<TaskObservation>>([
    {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/0000000000000000007)',
    },
    { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' },
    { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' },
  ])('is not made of tasks that were stopped from outside: $stopCode', (given) => {
    expect(decide(underWay(), crashed(9, { ...given, containers: [] })).verdict).toBe('progressing');
  });

  it('is also made of tasks that failed their own health check', () => {
    const stoppedReason = 'Task failed container health checks';

    expect(
      failure(underWay(), crashed(3, { stopCode: 'ServiceSchedulerInitiated', stoppedReason })),
    ).toMatchObject({
      name: 'RolloutCrashLoop',
      message: expect.stringContaining(stoppedReason),
    });
  });

  it.each([
    'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:…)',
    'Task failed ELB health checks in (elb webapp)',
    '(service webapp-service) (instance i-0abc) (port 80) is unhealthy in (elb webapp)',
  ])('is told as a failed health check where the load balancer refused every task: %s', (stoppedReason) => {
    const killed = [{ name: 'webapp', essential: true, exitCode: 137 }];
    const tasks = crashed(3, { stopCode: 'ServiceSchedulerInitiated', stoppedReason, containers: killed });

    const error = failure(underWay(), tasks);

    expect(error.name).toBe('HealthCheckFailed');
    // The exit code is that of ECS's signal and would mislead.
    expect(error.message).toContain(`because ServiceSchedulerInitiated: ${stoppedReason};`);
    expect(error.detail).toMatchObject({ container: 'webapp' });
    expect(error.detail).not.toHaveProperty('exitCode');
  });

  it('is told as one where only some tasks were refused by the load balancer', () => {
    const refused = crashed(2, {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed ELB health checks in (elb webapp)',
    });

    expect(failure(underWay(), [...refused, ...crashed(1)]).name).toBe('RolloutCrashLoop');
  });

  it('is also made of tasks that never started', () => {
    const reason = 'CannotPullContainerError: pull image manifest has been retried 1 time(s)';
    const tasks = crashed(1, {
      stopCode: 'TaskFailedToStart',
      stoppedReason: reason,
      containers: [{ name: 'webapp', essential: true, reason }],
    });

    const error = failure(underWay(), tasks, { crashes: 1 });

    expect(error.message).toContain(`container webapp never started, ${reason}`);
    expect(error.detail).not.toHaveProperty('exitCode');
  });
});
