import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EcsEvent, serviceWaitKeyOf, taskWaitKeyOf, waitKeysOf } from '#lib/deployment/rollout/hints.ts';

const captured = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../events/${name}.json`, import.meta.url), 'utf8'));

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
