import { describe, expect, it } from '@jest/globals';
import { createRollBackService } from '#functions/states/roll-back-service.ts';
import type { EcsServices } from '#lib/aws/ecs/services.ts';
import { createActingCall } from '#lib/aws/sdk/acting-call.ts';
import type { ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';
import {
  document,
  ecsDeployment,
  lastKnownGood,
  NOON,
  observedService,
  revision,
} from '../../lib/deployment/fixtures.ts';

type Update = Parameters<EcsServices['update']>[0];

/** Rolls back on a service as ECS shows it; tells what ECS was asked to do. */
async function rollBack(service: ServiceObservation, given = document({ lastKnownGood: lastKnownGood() })) {
  const updates: Update[] = [];
  const services: Pick<EcsServices, 'observe' | 'update'> = {
    observe: async () => service,
    update: async (input) => {
      updates.push(input);
      return 'ecs-svc/back';
    },
  };
  const state = createRollBackService({
    claims: {
      assert: async ({ document }) => document,
      act: async ({ document }, perform) => ({ document, result: await perform(createActingCall(1_000)) }),
    },
    services: services as EcsServices,
    now: () => NOON,
  });
  const output = await state({
    document: given,
    execution: { arn: 'execution', redriveCount: 0, startedAt: NOON },
  });
  return { updates, rollback: output.rollback };
}

describe('RollBackService', () => {
  const primary = (given: Parameters<typeof ecsDeployment>[0]) =>
    observedService({ deployments: [ecsDeployment({ id: 'ecs-svc/primary', ...given })] });

  it('starts the way back to the last known good revision, and waits for it from now', async () => {
    const { updates, rollback } = await rollBack(primary({ taskDefinition: revision(7) }));

    expect(updates).toMatchObject([{ taskDefinition: revision(6), forceNewDeployment: false }]);
    expect(rollback).toEqual({
      deploymentId: 'ecs-svc/back',
      taskDefinition: revision(6),
      startedAt: NOON,
      deadline: NOON + 1_800_000,
    });
  });

  it('only waits where ECS has gone back to it by itself', async () => {
    const { updates, rollback } = await rollBack(primary({ taskDefinition: revision(6) }));

    expect(updates).toEqual([]);
    expect(rollback?.deploymentId).toBe('ecs-svc/primary');
  });

  it('forces a new deployment of that revision where ECS has given it up: without, nothing would start', async () => {
    const { updates } = await rollBack(primary({ taskDefinition: revision(6), rolloutState: 'FAILED' }));

    expect(updates).toMatchObject([{ taskDefinition: revision(6), forceNewDeployment: true }]);
  });

  it('says NothingToRollBackTo when no release has gone live yet', async () => {
    const first = document({ lastKnownGood: null });

    await expect(rollBack(primary({}), first)).rejects.toMatchObject({ name: 'NothingToRollBackTo' });
  });
});
