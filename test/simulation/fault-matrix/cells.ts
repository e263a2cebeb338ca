import { brief, pathFrom, rolledBack, stepsOf } from '#test/support/paths.ts';
import type { Ended } from '../harness.ts';
import type { Fault } from './faults.ts';
import { endingOf, problemsOf } from './invariants.ts';
import type { Lab } from './lab.ts';
import type { Row } from './rows.ts';

/** What one fault in one state led to. */
export interface Cell {
  fault: string;
  /** The steps after the faulty one. */
  path: string[];
  /** Whether these are the steps of a deployment without the fault. */
  isUndisturbed: boolean;
  /** Whether the deployment has to end as without the fault. */
  recovers: boolean;
  /** Whether the machine tried the state again. */
  retried: boolean;
  ending: string;
  service: 'untouched' | 'new' | 'rolled back';
  /** What does not hold though it must; empty. */
  problems: string[];
}

/** The release that the faults of a row meet: one execution, re-driven from fault to fault. */
export interface Subject {
  executionArn: string;
  build: number;
  /** What the service ran before. */
  before: string;
}

/** Longer than all retries, waits and deadlines that a fault can use up. */
const PATIENCE_SECONDS = 1200;

/**
 * Puts the faults on the row's state one after the other; what comes next may depend on what was seen. A failed
 * deployment is re-driven into the next fault, and at the end without one: then the release must be live.
 */
export async function runRow(lab: Lab, row: Row, faults: Iterable<Fault>): Promise<Cell[]> {
  const cells: Cell[] = [];
  let subject: Subject | undefined;
  const finish = async () => {
    const last = cells.at(-1);
    if (subject !== undefined && last !== undefined) last.problems.push(...(await goLive(lab, subject)));
    subject = undefined;
  };
  for (const fault of faults) {
    // A redrive begins in HaltDeployment itself, whose function would fail before it has come to its end again.
    if (row.state === 'HaltDeployment' && fault.strikes === 'function') await finish();
    lab.arm(row.functionKey, fault);
    const next: Subject = subject ?? (await begin(lab, row));
    const ended =
      subject === undefined
        ? await lab.world.ended(next.executionArn, PATIENCE_SECONDS)
        : await redrive(lab, next.executionArn);
    cells.push(await cellOf(lab, row, fault, next, ended));
    subject = ended.status === 'SUCCEEDED' ? undefined : next;
    // Its redrive begins in the middle of the machine, unlike that of a failed one.
    if (fault.outcome === 'stopped') await finish();
  }
  await finish();
  return cells;
}

async function begin({ world, broken }: Lab, { crashes }: Row): Promise<Subject> {
  const before = (await world.ecsService())?.taskDefinition ?? '';
  let build = 0;
  const executionArn = await world.start({
    // As few looks and crashes as can be: what is repeated is repeated by the same code.
    settings: (settings) => ({
      ...settings,
      health: { ...settings.health, consecutive: 1 },
      rollout: { ...settings.rollout, crashes: 1 },
    }),
    document: (document) => {
      build = document.release.build?.number ?? 0;
      if (crashes) broken.add(build);
      return document;
    },
  });
  return { executionArn, build, before };
}

async function redrive({ world }: Lab, executionArn: string): Promise<Ended> {
  await world.call('states', 'RedriveExecution', { executionArn });
  return world.ended(executionArn, PATIENCE_SECONDS);
}

/** The fault is gone and the release mended: a redrive must end with it live. */
async function goLive(lab: Lab, { executionArn, build }: Subject): Promise<string[]> {
  lab.calm();
  lab.broken.delete(build);
  const { status, error, path } = await redrive(lab, executionArn);
  const { lastKnownGood } = await lab.world.item();
  const isLive =
    status === 'SUCCEEDED' &&
    lastKnownGood !== undefined &&
    executionArn.endsWith(lastKnownGood.deployment) &&
    (await lab.world.ecsService())?.taskDefinition === lastKnownGood.taskDefinition;
  return isLive ? [] : [`the redrive without the fault ended ${status} ${error}: ${path.join(' ')}`];
}

async function cellOf(lab: Lab, row: Row, fault: Fault, subject: Subject, ended: Ended): Promise<Cell> {
  // What the function still does once its execution was stopped.
  if (fault.outcome === 'stopped') await lab.world.simulation.time.pass(1);
  const { problems, runs } = await problemsOf(lab, row, fault, subject.executionArn, ended);
  const path = stepsAfter(row.state, ended.path);
  const isUndisturbed = path.join() === undisturbed(row).join();
  const recovers = fault.outcome === 'recovers';
  if (recovers && !isUndisturbed) problems.push(`it went on to ${path.join(', ')}`);
  const touched = runs === subject.before ? 'rolled back' : 'new';
  return {
    fault: fault.name,
    path,
    isUndisturbed,
    recovers,
    retried: attemptsIn(ended, row.state) > 1,
    ending: endingOf(ended),
    service: lab.seen.updates === 0 && runs === subject.before ? 'untouched' : touched,
    problems,
  };
}

/** The steps that follow the row's state where nothing goes wrong, but for a release that crashes. */
const undisturbed = ({ state, crashes }: Row) => stepsAfter(state, crashes ? rolledBack : pathFrom(state));

/** A redrive that begins in the state itself does not enter it anew: then all of the path is after it. */
function stepsAfter(state: string, path: string[]): string[] {
  const steps = stepsOf(brief(path));
  return steps.slice(steps.lastIndexOf(state) + 1);
}

function attemptsIn({ events }: Ended, state: string): number {
  const entered = events.findLastIndex((event) => event.stateEnteredEventDetails?.name === state);
  const left = events.findIndex((event, index) => index > entered && event.type?.endsWith('StateExited'));
  const visit = events.slice(entered, left < 0 ? undefined : left);
  return visit.filter((event) => event.type === 'TaskScheduled').length;
}
