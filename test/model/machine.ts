import type { Released } from '#lib/deployment/claim/release.ts';
import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { markInterrupted } from '#lib/deployment/ending/interruption.ts';
import { mayRollBack } from '#lib/deployment/ending/may-roll-back.ts';
import { serviceOutcomeOf } from '#lib/deployment/ending/service-outcome-of.ts';
import type { Draft } from './walk.ts';
import { type Execution, type Invocation, indexOf, type StateName, type World } from './world.ts';

/** The state machine: which state follows, what a Catch keeps, and when a function is called. */

export const executionAt = (world: World, index: number) => world.executions[index] as Execution;

const FIRST_STEP: Partial<Record<StateName, Invocation['step']>> = {
  ClaimService: 'ask',
  RegisterTaskDefinition: 'assert',
  RunMigration: 'assert',
  UpdateService: 'assert',
  RollBackService: 'assert',
  CompleteDeployment: 'end',
  HaltDeployment: 'end',
};

/** Calls the state's function, with a task token of its own. One that is still at work goes on beside it. */
export function invoke({ world }: Draft, index: number): void {
  const execution = executionAt(world, index);
  const { state, document, redriveCount } = execution;
  if (execution.invocation !== undefined) execution.late = execution.invocation;
  execution.invocation = undefined;
  const step = FIRST_STEP[state];
  world.names += 1;
  execution.taskToken = `token ${world.names}`;
  if (step !== undefined)
    execution.invocation = { redriveCount, state, input: document, taskToken: execution.taskToken, step };
}

export function enter(draft: Draft, index: number, state: StateName, document: DeploymentDocument): void {
  const execution = executionAt(draft.world, index);
  execution.state = state;
  execution.document = document;
  invoke(draft, index);
}

/** The state after ClaimService: ResumeFrom. */
export function enterResumed(draft: Draft, index: number, document: DeploymentDocument): void {
  executionAt(draft.world, index).livesAtGrant ??= draft.world.lives;
  const { pipeline } = draft.model.bounds;
  const from = pipeline.find((each) => each === document.resume?.from) ?? pipeline[0];
  enter(draft, index, from ?? 'UpdateService', document);
}

/** The execution fails in its state; the Catch decides what follows. */
export function fail(draft: Draft, index: number, error: string): void {
  const execution = executionAt(draft.world, index);
  const { state, document, redriveCount } = execution;
  execution.invocation = undefined;
  const failure = { state, error, cause: '', redriveCount };
  const failed = { ...document, failure };
  if (state === 'ClaimService' && error === 'Superseded') end(draft, index, 'succeeded', document);
  else if (state === 'HaltDeployment') end(draft, index, 'failed', document);
  else if (state === 'RollBackService' || state === 'AwaitRollback')
    enter(draft, index, 'HaltDeployment', { ...document, rollbackFailure: failure });
  else enter(draft, index, mayRollBack(failed) ? 'RollBackService' : 'HaltDeployment', failed);
}

/** The run is over. Its function, if one is at work, is not stopped by that. `document` is undefined for what went live. */
export function end(
  { world }: Draft,
  index: number,
  status: 'succeeded' | 'failed',
  document: DeploymentDocument | undefined,
): void {
  const execution = executionAt(world, index);
  const { redriveCount } = execution;
  execution.status = status;
  if (execution.invocation !== undefined) execution.late = execution.invocation;
  execution.invocation = undefined;
  // Nothing is left to be done for what went live, and it cannot be re-driven.
  if (document !== undefined) world.ends.push({ of: index, redriveCount, document });
}

/** The document with which the history shows a run that was stopped in the middle of its state. */
export const interruptedDocumentOf = ({ document, state, redriveCount }: Execution): DeploymentDocument =>
  markInterrupted(document, { state, isOver: false }, redriveCount);

/** Puts the run's result on record, once. */
export function record(
  { world, happen }: Draft,
  index: number,
  redriveCount: number,
  document: DeploymentDocument | undefined,
): void {
  const execution = executionAt(world, index);
  if ((execution.recorded?.redriveCount ?? -1) >= redriveCount) return;
  const outcome = document === undefined ? 'LIVE' : serviceOutcomeOf(document);
  execution.recorded = { redriveCount, outcome };
  happen({ kind: 'is put on record', of: index, redriveCount });
}

/** Writes what a decision made of the item, and notes who has been granted the claim by that. */
export function write({ world }: Draft, item: ServiceItem): void {
  const before = world.item.claim;
  const { claim } = item;
  world.item = item;
  const isKept = claim?.owner === before?.owner && claim?.redriveCount === before?.redriveCount;
  if (before !== undefined && !isKept) {
    for (const each of world.executions) each.gaveBack = undefined;
    executionAt(world, indexOf(before.owner)).gaveBack = before.redriveCount;
  }
  if (claim === undefined || isKept) return;
  const index = indexOf(claim.owner);
  for (const call of world.calls)
    if (call.by !== index || call.redriveCount !== claim.redriveCount) call.isOvertaken = true;
}

/** Writes what became of a release of the claim; the waiter's answer goes on its way. */
export function writeReleased(draft: Draft, { item, handover, handOverAt }: Released): void {
  const { world } = draft;
  write(draft, item);
  if (handOverAt !== undefined) world.isHandingOver = true;
  if (handover === undefined) return;
  const { taskToken } = handover;
  world.answers.push(
    'document' in handover
      ? { taskToken, document: handover.document }
      : { taskToken, refusal: handover.refusal.name },
  );
}
