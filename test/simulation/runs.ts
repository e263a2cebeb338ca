import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import type { SimulatedBehaviour } from '#sandbox/simulation/targets.ts';
import { isMigration, releaseOf, type World, wellBehaved } from './harness.ts';
import { nameOf } from './queue.ts';

/** What the tests of failing and being re-driven have in common: containers that misbehave, and what is on record. */

export const crash: SimulatedBehaviour = { exitAfterMilliseconds: 1_000, exitCode: 1 };

/** What serves of these releases crashes; their migrations, and all of the others, behave well. */
export const crashing =
  (...releases: number[]): World['scenario']['behave'] =>
  (spec) =>
    !isMigration(spec) && releases.includes(releaseOf(spec)) ? crash : wellBehaved(spec);

/** Migrations say this and exit with 3. */
export const failingMigration =
  (said: string): World['scenario']['behave'] =>
  (spec) =>
    isMigration(spec) ? { exitAfterMilliseconds: 1_000, exitCode: 3, output: [said] } : wellBehaved(spec);

/** Containers by the release that they are of; all others behave well. */
export interface Faults {
  containers: Map<number, SimulatedBehaviour>;
  migrations: Map<number, SimulatedBehaviour>;
}

export const createFaults = (): Faults => ({ containers: new Map(), migrations: new Map() });

export const behaveBy =
  ({ containers, migrations }: Faults): World['scenario']['behave'] =>
  (spec) =>
    (isMigration(spec) ? migrations : containers).get(releaseOf(spec)) ?? wellBehaved(spec);

/** The deployment's record in the table. */
export async function recordOf(world: World, executionArn: string): Promise<DeploymentRecord> {
  const { unmarshall } = await import('@aws-sdk/util-dynamodb');
  const { Item } = await world.call('dynamodb', 'GetItem', {
    TableName: 'landfall-dev',
    Key: { pk: { S: 'SERVICE#webapp' }, sk: { S: `DEPLOYMENT#${nameOf(executionArn)}` } },
    ConsistentRead: true,
  });
  return unmarshall(Item) as DeploymentRecord;
}

/** Subjects of what people have been told; grows while the world runs. */
export function listen(world: World): string[] {
  const subjects: string[] = [];
  const { disturb } = world.scenario;
  world.scenario.disturb = (call, perform) => {
    // Chats are told in their own form, without a subject.
    if (call.operation === 'Publish' && call.input.Subject !== undefined)
      subjects.push(String(call.input.Subject));
    return disturb?.(call, perform) ?? perform();
  };
  return subjects;
}

/** The revision that is primary, as `webapp:7`. */
export const runs = async (world: World) => (await world.ecsService())?.taskDefinition.split('/').at(-1);

/** The release that the primary revision is of, from its image's tag in the record of what went live. */
export async function settled(world: World): Promise<boolean> {
  const service = await world.ecsService();
  return service?.deployments.length === 1 && service.runningCount === 1;
}
