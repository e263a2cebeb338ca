import type { Holder, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { isRedriven } from '#lib/deployment/ending/halt.ts';
import { resumeDocument } from '#lib/deployment/ending/resume.ts';
import { decideWayBack } from '#lib/deployment/ending/way-back.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { decideUpdate } from '#lib/deployment/release/service-definition.ts';
import { beginRollout } from '#lib/deployment/rollout/deadline.ts';
import { decideStart } from '#lib/deployment/rollout/migration.ts';
import { ecsDeployment, observedService } from '#test/lib/deployment/fixtures.ts';
import { end, enter, executionAt, fail, invoke, record, write, writeReleased } from './machine.ts';
import { add, type Draft, type Walk } from './walk.ts';
import { type Execution, type Invocation, indexOf, NOON, nameOf, revisionOf, type World } from './world.ts';

/** What the functions do, step by step: one write of the item, one look or one call at a time. */

type Slot = 'invocation' | 'late';

interface Running extends Draft {
  index: number;
  slot: Slot;
  execution: Execution;
  invocation: Invocation;
}

/** Milliseconds after its deadline within which a call that was sent may land: of the world, not of the code. */
const ON_THE_WAY = 4_000;

export function addFunctionSteps(walk: Walk): void {
  walk.before.executions.forEach((execution, index) => {
    for (const slot of ['invocation', 'late'] as const) {
      const invocation = execution[slot];
      if (invocation !== undefined) addStepsOf(walk, index, slot, invocation);
    }
  });
}

function addStepsOf(
  walk: Walk,
  index: number,
  slot: Slot,
  { step, state, redriveCount, ...invocation }: Invocation,
): void {
  const who = `${slot === 'late' ? 'a late ' : ''}${state} of ${nameOf(index)}, run ${redriveCount},`;
  const go = (label: string, change: (running: Running) => void, costs = 0) =>
    add(walk, `${who} ${label}`, (draft) => change(runningOf(draft, index, slot)), costs);
  const { conduct, bounds } = walk.model;

  if (step !== 'called' && step !== 'send') {
    if (bounds.splitWrites && invocation.read === undefined)
      go('reads the item', ({ invocation, world }) => {
        invocation.read = world.item;
      });
    else if (bounds.splitWrites && conduct.versioned && invocation.read !== walk.before.item)
      go('finds that somebody has written, and reads the item again', ({ invocation, world }) => {
        invocation.read = world.item;
      });
    else go(LABELS[step], CHANGES[step]);
  }
  if (step === 'ask' && !bounds.splitWrites)
    go(`${LABELS.ask}, ${OUTDATED}`, (running) => ask(running, true), 1);
  if (step === 'send') go('sends its call', send);
  if (step === 'called') {
    const copies = walk.before.calls.filter((call) => call.id === invocation.id);
    const isOver = (invocation.callBy ?? 0) <= 0;
    if (invocation.answer !== undefined) go('is answered', answered);
    if (isOver)
      for (const [how, retry] of ENDINGS) go(`gives its call up, and ${how}`, (it) => giveUp(it, retry));
    else if (copies.length === 1 && invocation.answer === undefined) go('sends its call again', sendAgain, 1);
    if (copies.length > 0)
      for (const [how, retry] of ENDINGS) go(`is refused by ECS (${how})`, (it) => refused(it, retry), 1);
  }
  if (slot === 'invocation' && bounds.doubles && walk.before.executions[index]?.late === undefined)
    go(
      'is lost sight of: it goes on, and is run again beside itself',
      (running) => invoke(running, index),
      1,
    );
  if (slot === 'invocation')
    for (const [how, retry] of ENDINGS)
      go(`crashes, and ${how}`, (running) => leave(running, 'Lambda.Unknown', retry), 1);
}

const ENDINGS = [
  ['is run again', true],
  ['not run again', false],
] as const;

function runningOf(draft: Draft, index: number, slot: Slot): Running {
  const execution = executionAt(draft.world, index);
  return { ...draft, index, slot, execution, invocation: execution[slot] as Invocation };
}

/** The function is over. Where its state awaits it, that is run again or fails. */
function leave({ execution, slot, index, ...draft }: Running, error: string, retry = false): void {
  execution[slot] = undefined;
  if (slot === 'late') return;
  if (retry) enter(draft, index, execution.state, execution.document);
  else fail(draft, index, error);
}

/** The function returns; where its state awaits it, the machine goes on. */
function goOn({ execution, slot, index, ...draft }: Running, document: DeploymentDocument): void {
  execution[slot] = undefined;
  if (slot === 'late') return;
  const { pipeline } = draft.model.bounds;
  const { state } = execution;
  if (state === 'RegisterTaskDefinition')
    enter(
      draft,
      index,
      pipeline.includes('RunMigration') && document.migration?.status !== 'succeeded'
        ? 'RunMigration'
        : 'UpdateService',
      document,
    );
  else if (state === 'RunMigration') enter(draft, index, 'AwaitMigration', document);
  else if (state === 'UpdateService') enter(draft, index, 'AwaitRollout', document);
  else enter(draft, index, 'AwaitRollback', document);
}

const LABELS = {
  ask: 'asks for the claim',
  'free dead': 'frees the dead holder',
  assert: 'asserts the claim, and looks',
  begin: 'writes that it begins to act',
  withdraw: 'withdraws its call',
  end: 'ends the deployment',
};

const CHANGES: Record<keyof typeof LABELS, (running: Running) => void> = {
  ask: (running) => ask(running),
  'free dead': freeDead,
  assert,
  begin,
  withdraw,
  end: endDeployment,
};

const claimantOf = ({ index, invocation }: Running) => ({
  owner: nameOf(index),
  redriveCount: invocation.redriveCount,
  document: invocation.input,
});

const itemOf = ({ invocation, world }: Running): ServiceItem => {
  const { read } = invocation;
  invocation.read = undefined;
  return read ?? world.item;
};

/** Runs a decision; what it throws is what the function fails with. */
function attempt<T>(running: Running, decide: () => T): T | undefined {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    leave(running, error.name, error.name === 'MigrationInProgress');
    return undefined;
  }
}

/** Step Functions may tell for a moment of the run before, which is over, or of no run at all. */
export const OUTDATED = 'and is told of an earlier run of the holder';

/** A new invocation asks at once. */
export function askAgain(draft: Draft, index: number, isStale: boolean): void {
  invoke(draft, index);
  ask(runningOf(draft, index, 'invocation'), isStale);
}

function ask(running: Running, isStale = false): void {
  const { invocation, world, model, index, happen } = running;
  const { taskToken, redriveCount } = invocation;
  const claimant = { ...claimantOf(running), taskToken, startedAt: NOON + index + redriveCount * 10 };
  const decision = model.decisions.requestClaim(itemOf(running), claimant, NOON);
  if (decision.item !== world.item) write(running, decision.item);
  if ('displaced' in decision && decision.displaced !== undefined) {
    world.answers.push({ taskToken: decision.displaced.taskToken, refusal: 'Superseded' });
    happen({ kind: 'displaces', of: index, displaced: indexOf(decision.displaced.owner) });
  }
  if (decision.kind === 'unsettled') return;
  if (decision.kind === 'granted') {
    world.answers.push({ taskToken, document: decision.document });
    running.execution[running.slot] = undefined;
    return;
  }
  if (decision.kind === 'refused') invocation.refusal = decision.error.name;
  if (decision.holder !== undefined && model.conduct.looksForDead)
    lookForDead(running, decision.holder, isStale);
  else waitOrFail(running);
}

/** Has asked, and been told of no dead holder. */
function waitOrFail(running: Running): void {
  const { refusal } = running.invocation;
  if (refusal !== undefined) leave(running, refusal);
  else running.execution[running.slot] = undefined;
}

function lookForDead(running: Running, holder: Holder, isStale: boolean): void {
  const { invocation, world, model } = running;
  const { status, redriveCount } = executionAt(world, indexOf(holder.owner));
  const last = isStale
    ? redriveCount === 0
      ? undefined
      : { redriveCount: redriveCount - 1, isRunning: false }
    : { redriveCount, isRunning: status === 'running' };
  invocation.dead = model.decisions.deadRunOf(holder, last, NOON);
  if (invocation.dead === undefined) waitOrFail(running);
  else invocation.step = 'free dead';
}

function freeDead(running: Running): void {
  const { invocation, model } = running;
  const dead = invocation.dead as NonNullable<Invocation['dead']>;
  writeReleased(running, model.decisions.releaseClaim(itemOf(running), dead, NOON));
  invocation.dead = undefined;
  invocation.refusal = undefined;
  invocation.step = 'ask';
}

/** What ECS shows of the service. */
const observe = ({ service: { taskDefinition, deploymentId, isSettled } }: World) =>
  observedService({
    taskDefinition,
    runningCount: isSettled ? 2 : 1,
    deployments: [ecsDeployment({ id: deploymentId, taskDefinition, runningCount: isSettled ? 2 : 1 })],
  });

const isUnsettled = (outcome: object): outcome is { until: number } => 'until' in outcome;

/** Asserts the claim, then looks whether there is anything to do. */
function assert(running: Running): void {
  const { invocation, model, index } = running;
  const item = itemOf(running);
  const held = attempt(running, () => model.decisions.assertClaim(item, claimantOf(running), NOON));
  if (held === undefined || isUnsettled(held)) return;
  if (held.item !== item) write(running, held.item);
  const document = { ...held.document, taskDefinition: { arn: revisionOf(index), reused: false } };
  const done = attempt(running, () => lookFor(running, document));
  if (done === undefined) return;
  if (done === 'act') {
    invocation.document = document;
    invocation.step = 'begin';
  } else goOn(running, withAnswer(running, document, done));
}

const taskArnOf = (index: number, attempt: number) => `task/${index}-${attempt}`;
const attemptOf = ({ migration }: DeploymentDocument) => (migration?.attempt ?? 0) + 1;

/** What is there already and makes the call superfluous, or `act`. */
function lookFor({ invocation, world, index }: Running, document: DeploymentDocument): string {
  const { state } = invocation;
  if (state === 'UpdateService') {
    const decision = decideUpdate(observe(world), revisionOf(index), document.resume !== undefined);
    return decision.act === 'nothing' ? decision.deploymentId : 'act';
  }
  if (state === 'RollBackService') {
    const way = decideWayBack(document, observe(world));
    return way.act === 'wait' ? way.deploymentId : 'act';
  }
  if (state === 'RegisterTaskDefinition') return 'act';
  const previous = world.tasks.find(
    (each) => taskArnOf(each.of, each.attempt) === document.migration?.taskArn,
  );
  if (previous !== undefined && previous.status !== 'failed') return document.migration?.taskArn ?? '';
  const unfinished = world.tasks.filter(({ status }) => status === 'running');
  const decision = decideStart(
    unfinished.map(({ of, attempt }) => ({
      taskArn: taskArnOf(of, attempt),
      taskDefinition: revisionOf(of),
      startedAt: NOON,
    })),
    revisionOf(index),
    900,
    NOON,
  );
  if (decision.act === 'wait') throw decision.error;
  return decision.act === 'adopt' ? decision.taskArn : 'act';
}

/** The state's output. */
function withAnswer(
  { invocation, index }: Running,
  document: DeploymentDocument,
  answer: string,
): DeploymentDocument {
  const { state } = invocation;
  const limits = document.settings.rollout;
  if (state === 'UpdateService')
    return {
      ...document,
      rollout: beginRollout(
        { deploymentId: answer, taskDefinition: revisionOf(index), startedAt: NOON },
        limits,
      ),
    };
  if (state === 'RollBackService') {
    const taskDefinition = document.lastKnownGood?.taskDefinition ?? '';
    return {
      ...document,
      rollback: beginRollout({ deploymentId: answer, taskDefinition, startedAt: NOON }, limits),
    };
  }
  if (state === 'RegisterTaskDefinition') return document;
  const attempt = Number(answer.split('-').at(-1));
  return { ...document, migration: { attempt, taskArn: answer, deadline: NOON, status: 'running' } };
}

function begin(running: Running): void {
  const { invocation, model, world, happen, index } = running;
  const document = invocation.document as DeploymentDocument;
  const { redriveCount, state } = invocation;
  world.names += 1;
  const id = `call ${world.names}`;
  const claimant = { ...claimantOf(running), document };
  const item = itemOf(running);
  const act = attempt(running, () => model.decisions.beginAct(item, claimant, id, NOON));
  if (act === undefined || isUnsettled(act)) return;
  write(running, act.item);
  happen({ kind: 'begins to act', of: index, redriveCount, state });
  Object.assign(invocation, { step: 'send', id, acted: act.document, callBy: act.callBy - NOON });
}

function send(running: Running): void {
  const { invocation, model, world, index } = running;
  const callBy = invocation.callBy ?? 0;
  if (callBy <= 0 && model.conduct.refusesLateCalls) {
    leave(running, 'AwsUnavailable', true);
    return;
  }
  const document = invocation.document as DeploymentDocument;
  const { redriveCount, state, id } = invocation;
  invocation.step = 'called';
  const claim = world.item.claim;
  world.calls.push({
    by: index,
    redriveCount,
    id: id as string,
    state,
    left: Math.max(callBy, 0) + ON_THE_WAY,
    isOvertaken:
      claim !== undefined && (claim.owner !== nameOf(index) || claim.redriveCount !== redriveCount),
    ...(state === 'UpdateService' && { taskDefinition: revisionOf(index) }),
    ...(state === 'RollBackService' && { taskDefinition: document.lastKnownGood?.taskDefinition }),
    ...(state === 'RunMigration' && { attempt: attemptOf(document) }),
  });
}

function sendAgain({ invocation, world }: Running): void {
  const call = world.calls.find(({ id }) => id === invocation.id);
  if (call !== undefined) world.calls.push({ ...call });
}

/** Whether something that it sent may still land: then neither it nor the states after it may say that it has ended. */
const isSettled = ({ invocation, world, model }: Running) =>
  !model.conduct.minds || !world.calls.some(({ id }) => id === invocation.id);

function answered(running: Running): void {
  const { document, acted, answer } = running.invocation;
  goOn(
    running,
    withAnswer(running, (isSettled(running) ? acted : document) as DeploymentDocument, answer as string),
  );
}

function giveUp(running: Running, retry: boolean): void {
  const { invocation, model } = running;
  if (!model.conduct.minds)
    write(running, model.decisions.withoutAct(running.world.item, invocation.id as string));
  leave(running, 'AwsUnavailable', retry);
}

/** `retry` is of a call of which an earlier attempt was not answered. */
function refused(running: Running, retry: boolean): void {
  const { invocation, world } = running;
  world.calls.splice(
    world.calls.findIndex(({ id }) => id === invocation.id),
    1,
  );
  if (isSettled(running) && invocation.answer === undefined) invocation.step = 'withdraw';
  else leave(running, 'AwsUnavailable', retry);
}

const refusalOf = ({ state }: Invocation) =>
  state === 'UpdateService' || state === 'RollBackService' ? 'RolloutRejected' : 'AccessDenied';

function withdraw(running: Running): void {
  const { invocation, model } = running;
  const item = itemOf(running);
  write(running, model.decisions.withoutAct(item, invocation.id as string));
  leave(running, refusalOf(invocation));
}

function endDeployment(running: Running): void {
  if (running.invocation.state === 'HaltDeployment') halt(running);
  else complete(running);
}

function halt(running: Running): void {
  const { invocation, index, slot, execution, model, ...draft } = running;
  const { redriveCount, input } = invocation;
  const failure = input.failure as NonNullable<DeploymentDocument['failure']>;
  if (isRedriven(input, failure, { redriveCount })) {
    execution[slot] = undefined;
    if (slot === 'invocation')
      enter({ ...draft, model }, index, 'ClaimService', resumeDocument(input, failure));
    return;
  }
  const run = { owner: nameOf(index), redriveCount };
  writeReleased(running, model.decisions.releaseClaim(itemOf(running), run, NOON, input.claim?.lastAct));
  record(running, index, redriveCount, input);
  execution[slot] = undefined;
  if (slot === 'invocation') end(running, index, 'failed', input);
}

function complete(running: Running): void {
  const { invocation, index, slot, execution, model, world, happen } = running;
  const item = itemOf(running);
  const live = {
    deployment: invocation.input.deployment,
    taskDefinition: revisionOf(index),
    at: NOON + world.lives,
  };
  const released = attempt(running, () =>
    model.decisions.completeClaim(item, claimantOf(running), live, NOON),
  );
  if (released === undefined || isUnsettled(released)) return;
  if (released.item !== item) {
    world.lives += 1;
    happen({ kind: 'goes live', of: index });
  }
  writeReleased(running, released);
  execution[slot] = undefined;
  record(running, index, invocation.redriveCount, undefined);
  if (slot === 'invocation') end(running, index, 'succeeded', undefined);
}
