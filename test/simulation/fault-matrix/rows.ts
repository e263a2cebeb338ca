import { stateMachine } from '#test/support/wiring.ts';
import {
  callFaults,
  eventsLost,
  everyCallFaults,
  type Fault,
  failingInTurn,
  invocationFaults,
} from './faults.ts';
import type { Lab } from './lab.ts';

/** One row: a Task state and how a deployment comes to it. */
export interface Row {
  state: string;
  functionKey: string;
  /** Where the release crashes, so that the machine rolls it back. */
  crashes: boolean;
  /** Events of ECS are about what it waits for. */
  waits: boolean;
}

interface Way {
  /** A release that goes live, or one that crashes, so that the machine rolls it back. */
  release: 'healthy' | 'crashing';
  /** Whose word a Task waits for with its token. */
  waitsFor?: 'ECS' | 'its turn';
}

/** How a deployment comes to each Task state. A new one has to be given its row here. */
const ways: Record<string, Way> = {
  ClaimService: { release: 'healthy', waitsFor: 'its turn' },
  VerifyRelease: { release: 'healthy' },
  RegisterTaskDefinition: { release: 'healthy' },
  RunMigration: { release: 'healthy' },
  AwaitMigration: { release: 'healthy', waitsFor: 'ECS' },
  UpdateService: { release: 'healthy' },
  AwaitRollout: { release: 'healthy', waitsFor: 'ECS' },
  CheckHealth: { release: 'healthy' },
  CompleteDeployment: { release: 'healthy' },
  RollBackService: { release: 'crashing' },
  AwaitRollback: { release: 'crashing', waitsFor: 'ECS' },
  HaltDeployment: { release: 'crashing' },
};

export const statesWithRows = Object.keys(ways);

export const statesThatWait = statesWithRows.filter((state) => ways[state]?.waitsFor !== undefined);

export const taskStates = Object.entries(stateMachine.States).flatMap(([name, { Type }]) =>
  Type === 'Task' ? [name] : [],
);

export function rowOf(state: string): Row {
  const functionKey = stateMachine.States[state]?.Arguments?.FunctionName['Fn::GetAtt'][0];
  if (functionKey === undefined) throw new Error(`${state} calls no function`);
  const { release, waitsFor } = ways[state] ?? {};
  return { state, functionKey, crashes: release === 'crashing', waits: waitsFor === 'ECS' };
}

/**
 * The faults of a row. The first one leaves the deployment as it is, so that the calls that it makes are those that
 * can fail: a new call gets its cells by itself.
 */
export function* faultsOf(lab: Lab, { functionKey, waits }: Row): Generator<Fault> {
  const [first, ...rest] = [...(waits ? [eventsLost] : []), ...invocationFaults, ...everyCallFaults];
  if (first !== undefined) yield first;
  const calls = [...(lab.seen.calls.get(functionKey) ?? [])];
  yield* rest;
  yield* failingInTurn(calls);
  yield* calls.flatMap(callFaults);
}
