import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect } from '@jest/globals';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import type { DisturbedCall } from '#sandbox/wire/front-door.ts';
import { brief, calmPath } from '#test/support/paths.ts';
import {
  type Ended,
  isMigration,
  type ReleaseOptions,
  releaseOf,
  type World,
  wellBehaved,
} from './harness.ts';

/** What the tests of the claim and the freeze ask of a world and of a history. */

export const nameOf = (executionArn: string) => executionArn.split(':').at(-1) ?? '';

/** It went live, and nothing came in between. */
export function expectDeployed(end: Ended): void {
  expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
  expect(brief(end.path)).toEqual(calmPath());
}

/** After every test nothing stays claimed. */
export async function expectNobody(world: World): Promise<void> {
  const { claim, waiter } = await world.item();
  expect([claim, waiter]).toEqual([undefined, undefined]);
}

/** Migrations of these builds take so many seconds: their deployments hold the claim meanwhile. */
export function slowMigrations(world: World, seconds: Record<number, number>): void {
  world.scenario.behave = (spec) => ({
    ...wellBehaved(spec),
    ...(isMigration(spec) ? { exitAfterMilliseconds: 1000 * (seconds[releaseOf(spec)] ?? 1) } : {}),
  });
}

/** Starts a deployment whose migration takes so long, and waits until it does. */
export async function startHolder(world: World, build: number, seconds = 300, release?: ReleaseOptions) {
  slowMigrations(world, { [build]: seconds });
  const holder = await world.start({ ...release, build });
  await world.reached(holder, 'AwaitMigration');
  return holder;
}

/** Starts a deployment and lets everything happen that needs no time to pass. */
export async function startAndSettle(world: World, release: ReleaseOptions): Promise<string> {
  const execution = await world.start(release);
  await world.simulation.time.settle();
  return execution;
}

/** A deployment by hand: no build whose number could say which is newer. */
export const byHand =
  (name: string, change: Partial<DeploymentDocument['release']> = {}) =>
  (document: DeploymentDocument): DeploymentDocument => {
    const { build: _build, ...release } = document.release;
    return {
      ...document,
      deployment: `webapp-${name}`,
      trigger: { kind: 'image', requestedBy: 'ops' },
      release: { ...release, ...change },
    };
  };

const timeOf = (event: HistoryEvent | undefined) => Number(event?.timestamp?.getTime()) / 1000;

/** When the execution got its claim, in seconds. */
export const grantedAt = ({ events }: Pick<Ended, 'events'>) =>
  timeOf(events.find((event) => event.stateExitedEventDetails?.name === 'ClaimService'));

export const endedAt = ({ events }: Pick<Ended, 'events'>) => timeOf(events.at(-1));

/** What the last Task that failed was told. */
export const lastFailure = ({ events }: Pick<Ended, 'events'>) =>
  events.findLast((event) => event.type === 'TaskFailed')?.taskFailedEventDetails;

/** Whether a call of a function concerns the service's item in the table. */
export function isItemCall({ service, operation, input }: DisturbedCall, wanted: 'GetItem' | 'PutItem') {
  if (service !== 'dynamodb' || operation !== wanted) return false;
  const { sk } = (operation === 'GetItem' ? input.Key : input.Item) as { sk: { S: string } };
  return sk.S === 'STATE';
}
