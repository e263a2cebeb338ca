import { describe, expect, it } from '@jest/globals';
import { renderService } from '#cli/render/service.ts';
import { plain } from '../context.ts';
import { idle } from '../fixtures.ts';
import { NOW, rolling } from './rolling.ts';

describe('a service', () => {
  it('is told with all that is known of it', () => {
    expect(renderService(rolling, { now: NOW }, plain)).toBe(`\
webapp  webapp-service on ecs-cluster

  runs       webapp:8 1/3, webapp:7 3/3
  good       webapp-aaaaaaaaaaaa-7, commit aaaaaaa, as webapp:7 for 2 h 00 min
  deploying  webapp-0123456789ab-8, for 30 s
  waiting    webapp-ba9876543210-9, for 5.0 s
  frozen     until it is lifted, by jane: the sale

  now  webapp:8  ▓▓▓▓▓▓▓▒▒▒▒▒▒▒░░░░░░  1/3 running, 0 healthy, 1 starting
  old  webapp:7  ████████████████████  3/3 running, 3 healthy
  █ healthy  ▓ running  ▒ starting  ░ not there yet

  11:50:00  ✗ task fedcba98 of webapp:7 stopped: ServiceSchedulerInitiated: Task failed ELB health checks in (elb webapp)
  12:00:19  ✗ task 89abcdef of webapp:8 stopped: container webapp exited with code 1, EssentialContainerExited: Essential container in task exited

  11:45:00  (service webapp-service) has reached a steady state.
  12:00:20  (service webapp-service) has stopped 1 running tasks: (task 1).
  12:00:21  (service webapp-service) has started 1 tasks: (task 2).
`);
  });

  it('that has never been deployed is told in five lines', () => {
    expect(renderService(idle, { now: NOW }, plain)).toBe(`\
webapp  webapp-service on ecs-cluster

  runs   nothing
  state  ready
  good   no release has gone live yet
`);
  });
});
