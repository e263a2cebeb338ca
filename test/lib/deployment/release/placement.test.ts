import { describe, expect, it } from '@jest/globals';
import {
  findPlacementProblem,
  minimumHealthyPercentOf,
  placementNeedOf,
} from '#lib/deployment/release/placement.ts';
import { container, template } from './templates.ts';

describe('placement', () => {
  const need = { hostPorts: [80], cpu: 128, memory: 300 };
  const instance = { id: 'i-1', ports: [22], remainingCpu: 128, remainingMemory: 300 };
  const strict = { desiredCount: 2, minimumHealthyPercent: 100 };

  it('adds up what the containers of one task need', () => {
    const several = template({
      containerDefinitions: [
        container({ cpu: 100, memory: 300, portMappings: [{ containerPort: 3000, hostPort: 80 }] }),
        container({ name: 'proxy', cpu: 28, memory: 500, memoryReservation: 100 }),
        container({
          name: 'dynamic',
          portMappings: [{ containerPort: 1, hostPort: 0 }, { containerPort: 2 }],
        }),
      ],
    });

    expect(placementNeedOf(several)).toEqual({ hostPorts: [80], cpu: 128, memory: 400 });
  });

  it("takes the task's own size before that of its containers", () => {
    expect(placementNeedOf(template({ cpu: '256', memory: '512' }))).toMatchObject({ cpu: 256, memory: 512 });
  });

  it('needs no host port with awsvpc, where every task has an address of its own', () => {
    const ports = [{ containerPort: 80, hostPort: 80 }];

    const vpc = template({
      networkMode: 'awsvpc',
      containerDefinitions: [container({ portMappings: ports })],
    });

    expect(placementNeedOf(vpc).hostPorts).toEqual([]);
  });

  it('does not take a UDP port for the TCP port of the same number', () => {
    const ports = [{ containerPort: 53, hostPort: 53, protocol: 'udp' }];

    expect(
      placementNeedOf(template({ containerDefinitions: [container({ portMappings: ports })] })).hostPorts,
    ).toEqual([]);
  });

  it('is possible where one instance has room, however full the others are', () => {
    const full = { ...instance, id: 'i-2', ports: [80] };

    expect(findPlacementProblem(need, [full, instance], strict)).toBeUndefined();
  });

  it('tells for each instance what is missing there', () => {
    const problem = findPlacementProblem(
      need,
      [
        { ...instance, ports: [22, 80] },
        { ...instance, id: 'i-2', remainingCpu: 127 },
        { ...instance, id: 'i-3', remainingMemory: 299 },
      ],
      strict,
    );

    expect(problem).toBe(
      'i-1 already uses host port 80, i-2 has 127 of 128 CPU units left, i-3 has 299 of 300 MiB left',
    );
  });

  it('is impossible on a cluster without instances', () => {
    expect(findPlacementProblem(need, [], strict)).toBe('the cluster has no container instance');
  });

  it('is not doubted where ECS may stop an old task first', () => {
    expect(findPlacementProblem(need, [], { desiredCount: 2, minimumHealthyPercent: 50 })).toBeUndefined();
    // Half of one task is one task: ECS rounds up.
    expect(findPlacementProblem(need, [], { desiredCount: 1, minimumHealthyPercent: 50 })).toBeDefined();
    expect(findPlacementProblem(need, [], { desiredCount: 1, minimumHealthyPercent: 0 })).toBeUndefined();
  });

  it('is doubted all the same where a migration needs a place of its own first', () => {
    const service = { desiredCount: 2, minimumHealthyPercent: 0, migratesFirst: true };

    expect(findPlacementProblem(need, [], service)).toBe('the cluster has no container instance');
    expect(findPlacementProblem(need, [], { ...service, desiredCount: 0 })).toBeDefined();
  });

  it('is not doubted while tasks of a broken deployment come and go: its fix must not be refused', () => {
    const service = { ...strict, inTransition: true };

    expect(findPlacementProblem(need, [{ ...instance, ports: [80] }], service)).toBeUndefined();
    expect(findPlacementProblem(need, [{ ...instance, ports: [80] }], strict)).toBeDefined();
  });

  it('is not doubted where nothing is to run', () => {
    expect(findPlacementProblem(need, [], { desiredCount: 0, minimumHealthyPercent: 100 })).toBeUndefined();
  });

  it("takes ECS's default of 100 % where the service says nothing", () => {
    expect(minimumHealthyPercentOf({})).toBe(100);
    expect(minimumHealthyPercentOf({ deploymentConfiguration: { minimumHealthyPercent: 0 } })).toBe(0);
  });
});
