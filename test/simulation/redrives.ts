import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import type { AwsError } from '#sandbox/core/errors.ts';

import { nameOfCall } from './fault-matrix/faults.ts';
import { createWorld, type Ended, type ReleaseOptions, type World } from './harness.ts';
import { behaveBy, createFaults, type Faults, recordOf, runs } from './runs.ts';

/** What the tests of redrives have in common: releases that fail until they are well, and how a redrive ends. */

/** A release whose settings differ so from those of services.yml. */
export const changed = (change: (settings: ServiceSettings) => Partial<ServiceSettings>): ReleaseOptions => ({
  settings: (settings) => ({ ...settings, ...change(settings) }),
});

export interface Redrives {
  /** There from the first `beforeAll` on. */
  readonly world: World;
  faults: Faults;
  /** The number of the next release. */
  next(): number;
  start(release?: ReleaseOptions): Promise<string>;
  deploy(release?: ReleaseOptions): Promise<Ended>;
  /** Makes an operation of AWS fail; of the table also by the kind of its item, as nameOfCall says it. */
  refuse(operation: string, error: AwsError): void;
  /** Takes the cause of every failure away. */
  well(): void;
  /** Nobody stops the migration of an execution that was stopped: it goes on, and holds its port. */
  stopMigrations(): Promise<void>;
  expectLive(end: Ended, redriveCount: number): Promise<void>;
  expectHalted(end: Ended, error: string, redriveCount: number): Promise<void>;
}

/** A world with a release that is live, for the tests of a `describe`; well again after each of them. */
export function useRedrives(): Redrives {
  const faults = createFaults();
  let world: World;
  let build = 0;

  const redrives: Redrives = {
    get world() {
      return world;
    },
    faults,
    next: () => build + 1,
    async start(release) {
      build += 1;
      return world.start(release);
    },
    deploy: async (release) => world.ended(await redrives.start(release)),
    refuse(operation, error) {
      world.scenario.disturb = async (call, perform) => {
        if (call.operation === operation || nameOfCall(call) === operation) throw error;
        return perform();
      };
    },
    well() {
      faults.containers.clear();
      faults.migrations.clear();
      delete world.scenario.disturb;
    },
    async stopMigrations() {
      for (const { taskArn, lastStatus } of await world.migrations())
        if (lastStatus !== 'STOPPED')
          await world.call('ecs', 'StopTask', { cluster: 'ecs-cluster', task: taskArn });
    },
    async expectLive(end, redriveCount) {
      expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
      const { lastKnownGood, claim } = await world.item();
      expect(end.executionArn.endsWith(`:${lastKnownGood?.deployment}`)).toBe(true);
      expect(lastKnownGood?.taskDefinition.endsWith(`/${await runs(world)}`)).toBe(true);
      expect(claim).toBeUndefined();
      const record = await recordOf(world, end.executionArn);
      expect(record).toMatchObject({ status: 'SUCCEEDED', redriveCount, endedAt: expect.any(Number) });
      // What an earlier run failed with is not how it ended.
      expect(record).not.toHaveProperty('error');
      expect(record).not.toHaveProperty('message');
    },
    async expectHalted(end, error, redriveCount) {
      expect(end).toMatchObject({ status: 'FAILED', error });
      expect((await world.item()).claim?.owner).not.toBe(end.executionArn);
      expect(await recordOf(world, end.executionArn)).toMatchObject({
        status: 'FAILED',
        error,
        redriveCount,
        message: end.message,
        endedAt: expect.any(Number),
      });
    },
  };

  beforeAll(async () => {
    world = await createWorld({ behave: behaveBy(faults) });
    await redrives.deploy();
  });

  afterEach(() => {
    redrives.well();
    delete world.scenario.invoke;
  });

  afterAll(() => world.end());

  return redrives;
}
