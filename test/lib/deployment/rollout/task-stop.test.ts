import { describe, expect, it } from '@jest/globals';
import { explainStop, type TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import { stoppedTask } from '../fixtures.ts';

const stopped = (...containers: TaskObservation['containers']) => stoppedTask({ containers });

describe('why a task stopped', () => {
  it('is said in the words of ECS when no container tells more', () => {
    const task = stoppedTask({
      stopCode: 'SpotInterruption',
      stoppedReason: 'Your Spot Task was interrupted.',
      containers: [],
    });

    expect(explainStop(task)).toEqual({ reason: 'SpotInterruption: Your Spot Task was interrupted.' });
  });

  it('is told of the container that ended the task, not of those that ECS then stopped', () => {
    const task = stopped(
      { name: 'webapp', essential: true, exitCode: 143 },
      { name: 'assets', essential: true, exitCode: 3 },
    );

    expect(explainStop(task)).toMatchObject({ container: 'assets', exitCode: 3 });
  });

  it('prefers the container that exited with a code over one that only has a reason', () => {
    const task = stopped(
      { name: 'assets', essential: true, reason: 'DependencyFailed' },
      { name: 'webapp', essential: true, exitCode: 1 },
    );

    expect(explainStop(task)).toMatchObject({ container: 'webapp', exitCode: 1 });
  });

  it('does not blame a sidecar', () => {
    const task = stopped(
      { name: 'proxy', essential: false, exitCode: 1 },
      { name: 'webapp', essential: true, exitCode: 0 },
    );

    expect(explainStop(task)).not.toHaveProperty('container');
  });

  it('is admitted to be unknown', () => {
    expect(explainStop({ taskArn: 'x', lastStatus: 'STOPPED', containers: [] }).reason).toBe(
      'ECS gives no reason',
    );
  });
});
