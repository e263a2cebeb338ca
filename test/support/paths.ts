import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { stateMachine } from './wiring.ts';

/**
 * The paths through the machine that tests hold executions against. Who follows whom is read from the machine: a new
 * Task state stands in every path by itself. Only the decisions are said here, as differences from the calm path: a
 * release that migrates first, is healthy at the first look, and goes live.
 */

/** What a deployment does differently. */
export interface Variant {
  /** When the release migrates. `never` is also a migration that is skipped, or has been. */
  migration?: 'before' | 'after' | 'never';
  /** How often the health is looked at, at least once. The last look is the good one. */
  looks?: number;
  /** The state to which ResumeFrom goes in a redrive. */
  resume?: string;
}

/** Where NeedsMigration goes, from visit to visit. */
const MIGRATIONS = {
  before: ['RunMigration', 'UpdateService', 'CompleteDeployment'],
  after: ['UpdateService', 'RunMigration', 'CompleteDeployment'],
  never: ['UpdateService', 'CompleteDeployment'],
};

/** All of the calm path, until the release is live. */
export function calmPath({ migration = 'before', looks = 1, resume }: Variant = {}): string[] {
  const path = walk(stateMachine.StartAt, {
    NeedsMigration: MIGRATIONS[migration],
    Healthy: [...Array<string>(looks - 1).fill('WaitForTargets'), 'NeedsMigration'],
  });
  return resume === undefined ? path : [...upTo('ResumeFrom', path), ...startingAt(resume, path)];
}

/** The calm path from its start through the last visit of this state. */
export const pathTo = (state: string, variant?: Variant): string[] => upTo(state, calmPath(variant));

/** The calm path from the first visit of this state to its end. */
export const pathFrom = (state: string, variant?: Variant): string[] => startingAt(state, calmPath(variant));

/** What comes after the state that failed, where it is not rolled back. */
export const halted = walk('MayRollBack', { MayRollBack: ['HaltDeployment'] });
/** What comes after the state that failed, where it is rolled back. */
export const rolledBack = walk('MayRollBack');
/** The same, where the way back cannot even begin. */
export const rollbackRefused = [...upTo('RollBackService', rolledBack), 'HaltDeployment'];

/** Task states that are entered only once something has failed. */
export const wayBack = stepsOf(rolledBack);

/** The steps of a path: what works, and the end. Choices and Waits are left out. */
export function stepsOf(path: string[]): string[] {
  return path.filter((state) => !['Choice', 'Wait'].includes(stateOf(state).Type));
}

/** The path with repeated looks as one. How many there are depends on how long things take. */
export function brief(path: string[]): string[] {
  const kept: string[] = [];
  for (const name of path) {
    const { Type, Next = '' } = stateOf(name);
    if (Type === 'Wait') kept.splice(Math.max(kept.lastIndexOf(Next), 0));
    else kept.push(name);
  }
  return kept;
}

/** The states that an execution entered, in order. */
export const pathOf = (events: HistoryEvent[]): string[] =>
  events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);

/**
 * From this state to where the machine ends; HaltDeployment, which throws, is an end. A Choice takes its decisions one
 * after the other, then its Default.
 */
function walk(start: string, decisions: Record<string, string[]> = {}): string[] {
  const left = structuredClone(decisions);
  const path = [start];
  for (let state = start; state !== 'HaltDeployment'; path.push(state)) {
    const { Next, Default } = stateOf(state);
    const next = left[state]?.shift() ?? Next ?? Default;
    if (next === undefined) break;
    state = next;
  }
  return path;
}

function upTo(state: string, path: string[]): string[] {
  return path.slice(0, positionOf(path.lastIndexOf(state), state) + 1);
}

function startingAt(state: string, path: string[]): string[] {
  return path.slice(positionOf(path.indexOf(state), state));
}

function positionOf(index: number, state: string): number {
  if (index < 0) throw new Error(`${state} is not on this path`);
  return index;
}

function stateOf(name: string) {
  const state = stateMachine.States[name];
  if (state === undefined) throw new Error(`The machine has no state ${name}`);
  return state;
}
