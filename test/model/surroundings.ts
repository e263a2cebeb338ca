import { DeploymentError } from '#lib/deployment/errors.ts';
import { addFunctionSteps, askAgain, OUTDATED } from './functions.ts';
import {
  end,
  enter,
  enterResumed,
  executionAt,
  fail,
  interruptedDocumentOf,
  invoke,
  record,
  write,
  writeReleased,
} from './machine.ts';
import { add, type Draft, type Model, type Step, takerOf, type Walk } from './walk.ts';
import { type Answer, type Call, type Execution, NOON, nameOf, type World } from './world.ts';

/** Everything that can happen next. */
export function stepsFrom(model: Model, before: World): Step[] {
  const walk: Walk = { model, before, steps: [] };
  addFunctionSteps(walk);
  before.executions.forEach((execution, index) => {
    addMachineSteps(walk, index, execution);
    addPeople(walk, index, execution);
  });
  for (const [position, answer] of before.answers.entries()) addAnswer(walk, position, answer);
  for (const [position, call] of before.calls.entries()) addLanding(walk, position, call);
  before.tasks.forEach(({ of, attempt, status }, position) => {
    if (status !== 'running') return;
    const what = `the migration of ${nameOf(of)} (attempt ${attempt})`;
    add(walk, `${what} succeeds`, ({ world }) =>
      Object.assign(world.tasks[position] ?? {}, { status: 'succeeded' }),
    );
    add(
      walk,
      `${what} fails`,
      ({ world }) => Object.assign(world.tasks[position] ?? {}, { status: 'failed' }),
      1,
    );
  });
  for (const position of before.ends.keys()) addEnd(walk, position);
  addHandOver(walk);
  addFreeze(walk);
  addTime(walk);
  return walk.steps;
}

/** A run that was re-driven straight into a wait gets its claim back first. */
const hasEntered = ({ document, redriveCount }: Execution) => document.claim?.redriveCount === redriveCount;

function addMachineSteps(walk: Walk, index: number, execution: Execution): void {
  const { status, state, invocation } = execution;
  const who = nameOf(index);
  if (status === 'not begun') {
    // Their names mean nothing: they begin in their order.
    if (walk.before.executions.findIndex((each) => each.status === 'not begun') === index)
      add(walk, `${who} begins`, (draft) => {
        executionAt(draft.world, index).status = 'running';
        invoke(draft, index);
      });
    return;
  }
  if (status !== 'running' || invocation !== undefined) return;
  if (state === 'ClaimService') {
    // An answer under way is taken before the heartbeat runs out, or else it is lost.
    if (
      walk.model.conduct.heartbeats &&
      !walk.before.answers.some((answer) => takerOf(walk.before, answer) === index)
    )
      for (const [isStale, costs] of [
        [false, 0],
        [true, 1],
      ] as const)
        add(
          walk,
          `the heartbeat of ${who} runs out: it asks again${isStale ? `, ${OUTDATED}` : ''}`,
          (draft) => askAgain(draft, index, isStale),
          costs,
        );
    return;
  }
  if (!hasEntered(execution)) {
    add(walk, `${state} of ${who}, run ${execution.redriveCount}, gets its claim back`, (draft) =>
      ensureClaim(draft, index),
    );
    return;
  }
  if (state === 'AwaitMigration') addMigrationSeen(walk, index, execution);
  if (state === 'AwaitRollout') addRolloutSeen(walk, index, execution);
  if (state === 'AwaitRollback') addRollbackSeen(walk, index, execution);
}

function ensureClaim(draft: Draft, index: number): void {
  const { world, model } = draft;
  const execution = executionAt(world, index);
  const { redriveCount, document } = execution;
  try {
    const held = model.decisions.assertClaim(
      world.item,
      { owner: nameOf(index), redriveCount, document },
      NOON,
    );
    if ('until' in held) return;
    if (held.item !== world.item) write(draft, held.item);
    execution.document = held.document;
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    fail(draft, index, error.name);
  }
}

function addMigrationSeen(walk: Walk, index: number, { document }: Execution): void {
  const attempt = document.migration?.attempt;
  const task = walk.before.tasks.find((each) => each.of === index && each.attempt === attempt);
  if (task === undefined || task.status === 'running') return;
  add(walk, `${nameOf(index)} sees that its migration ${task.status}`, (draft) => {
    const { migration, ...rest } = document;
    if (task.status === 'failed' || migration === undefined) return fail(draft, index, 'MigrationFailed');
    enter(draft, index, 'UpdateService', { ...rest, migration: { ...migration, status: 'succeeded' } });
  });
}

function addRolloutSeen(walk: Walk, index: number, { document }: Execution): void {
  const who = nameOf(index);
  if (document.rollout?.deploymentId !== walk.before.service.deploymentId) {
    add(walk, `${who} sees its rollout replaced`, (draft) => fail(draft, index, 'RolloutReplaced'));
    return;
  }
  add(walk, `the rollout of ${who} succeeds`, (draft) => {
    draft.world.service.isSettled = true;
    enter(draft, index, 'CompleteDeployment', document);
  });
  add(walk, `the rollout of ${who} fails`, (draft) => fail(draft, index, 'RolloutCrashLoop'), 1);
}

function addRollbackSeen(walk: Walk, index: number, { document }: Execution): void {
  const who = nameOf(index);
  if (document.rollback?.deploymentId !== walk.before.service.deploymentId) {
    add(walk, `${who} sees its rollback replaced`, (draft) => fail(draft, index, 'RolloutReplaced'));
    return;
  }
  add(walk, `the rollback of ${who} succeeds`, (draft) => {
    draft.world.service.isSettled = true;
    enter(draft, index, 'HaltDeployment', { ...document, rollbackDone: true });
  });
}

/** Stops and redrives, by a person. */
function addPeople(walk: Walk, index: number, { status, redriveCount }: Execution): void {
  const who = nameOf(index);
  if (status === 'running')
    add(
      walk,
      `${who} is aborted`,
      (draft) => end(draft, index, 'failed', interruptedDocumentOf(executionAt(draft.world, index))),
      1,
    );
  if (status === 'failed')
    add(
      walk,
      `${who} is re-driven: run ${redriveCount + 1}`,
      (draft) => {
        const execution = executionAt(draft.world, index);
        execution.status = 'running';
        execution.redriveCount += 1;
        invoke(draft, index);
      },
      1,
    );
}

/** A task token's answer. */
function addAnswer(walk: Walk, position: number, { taskToken, ...answer }: Answer): void {
  const index = takerOf(walk.before, { taskToken });
  const who = nameOf(index);
  const what = 'document' in answer ? 'the claim is its' : answer.refusal;
  const take = ({ world }: Draft) => world.answers.splice(position, 1);
  add(walk, `${who} is told: ${what}`, (draft) => {
    take(draft);
    if ('document' in answer) enterResumed(draft, index, answer.document);
    else {
      const execution = executionAt(draft.world, index);
      execution.late = execution.invocation ?? execution.late;
      fail(draft, index, answer.refusal);
    }
  });
  add(walk, `the answer to ${who} is lost (${what})`, take, 1);
}

/** A call reaches ECS. */
function addLanding(walk: Walk, position: number, call: Call): void {
  add(walk, `the call of ${call.state} of ${nameOf(call.by)}, run ${call.redriveCount}, lands`, (draft) => {
    const { world, happen } = draft;
    world.calls.splice(position, 1);
    const answer = landing(draft, call);
    happen({ kind: 'lands', call });
    const execution = executionAt(world, call.by);
    for (const invocation of [execution.invocation, execution.late])
      if (invocation?.id === call.id && invocation.step === 'called') invocation.answer = answer;
  });
}

function landing({ world, happen }: Draft, { by, redriveCount, id, taskDefinition, attempt }: Call): string {
  if (taskDefinition !== undefined) {
    // ECS begins no new deployment where nothing changes.
    const isSame =
      world.service.taskDefinition === taskDefinition && world.service.deploymentId.startsWith(id);
    if (!isSame)
      world.service = {
        taskDefinition,
        deploymentId: id,
        isSettled: false,
        by: { execution: by, redriveCount },
      };
    return world.service.deploymentId;
  }
  if (attempt === undefined) return id;
  // RunTask's client token: the same attempt is started once.
  if (!world.tasks.some((each) => each.of === by && each.attempt === attempt)) {
    world.tasks.push({ of: by, attempt, status: 'running' });
    happen({ kind: 'starts a migration', of: by });
  }
  return `task/${by}-${attempt}`;
}

/** execution-ended: late, twice, or never. */
function addEnd(walk: Walk, position: number): void {
  const { of, redriveCount, document } = walk.before.ends[position] as World['ends'][number];
  const what = `the end of run ${redriveCount} of ${nameOf(of)}`;
  const tell = (draft: Draft) => {
    const { world, model } = draft;
    const run = { owner: nameOf(of), redriveCount };
    writeReleased(draft, model.decisions.releaseClaim(world.item, run, NOON, document?.claim?.lastAct));
    record(draft, of, redriveCount, document);
  };
  const forget = ({ world }: Draft) => world.ends.splice(position, 1);
  add(walk, `${what} is told`, (draft) => {
    forget(draft);
    tell(draft);
  });
  add(walk, `${what} is told, and will be told again`, tell, 1);
  add(walk, `${what} is never told`, forget, 1);
}

function addHandOver(walk: Walk): void {
  if (!walk.before.isHandingOver) return;
  add(walk, 'who freed the claim hands it over', (draft) => {
    const { world, model } = draft;
    world.isHandingOver = false;
    writeReleased(draft, model.decisions.handOverClaim(world.item, NOON));
  });
  add(
    walk,
    'who freed the claim crashes before it is handed over',
    ({ world }) => {
      world.isHandingOver = false;
    },
    1,
  );
}

const FREEZE = { reason: 'an incident', requestedBy: 'ops' };

function addFreeze(walk: Walk): void {
  const { freeze } = walk.before.item;
  const set = (what: typeof FREEZE | undefined) => (draft: Draft) =>
    write(draft, { ...draft.world.item, freeze: what });
  if (freeze === undefined) add(walk, 'the service is frozen', set(FREEZE), 1);
  else add(walk, 'the freeze is lifted', set(undefined));
}

/** Some seconds: every deadline of the model is a multiple of them. */
const TICK = 4_000;

function addTime(walk: Walk): void {
  const { item, calls, executions } = walk.before;
  const isPast = (item.acting?.until ?? NOON) <= NOON;
  const callsBy = executions.flatMap(({ invocation, late }) => [invocation?.callBy ?? 0, late?.callBy ?? 0]);
  if (isPast && calls.every(({ left }) => left <= 0) && callsBy.every((left) => left <= 0)) return;
  // Nothing has gone wrong as long as a call is made and answered in its time.
  const isHeldUp = executions.some(
    ({ invocation }) =>
      invocation?.callBy !== undefined && invocation.callBy > 0 && invocation.callBy <= TICK,
  );
  add(
    walk,
    `${TICK / 1000} seconds pass`,
    ({ world, model }) => {
      for (const call of world.calls) call.left = Math.max(call.left - TICK, 0);
      if (model.conduct.callsEnd) world.calls = world.calls.filter(({ left }) => left > 0);
      world.item = later(world.item);
      for (const { invocation, late } of world.executions)
        for (const each of [invocation, late]) {
          if (each?.callBy !== undefined) each.callBy = Math.max(each.callBy - TICK, 0);
          if (each?.read !== undefined)
            each.read = each.read === walk.before.item ? world.item : later(each.read);
        }
    },
    isHeldUp ? 1 : 0,
  );
}

const later = (item: World['item']): World['item'] =>
  item.acting === undefined || item.acting.until <= NOON
    ? item
    : { ...item, acting: { ...item.acting, until: Math.max(item.acting.until - TICK, NOON) } };
