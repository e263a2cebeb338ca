import type { HistoryEventType } from '@aws-sdk/client-sfn';
import type { Json } from '../json.ts';
import type { Exit } from './data/flow.ts';
import type { State } from './definition.ts';
import { StateError } from './errors.ts';
import { type Frame, type Line, queryLanguageOf, report, runtimeFailure } from './frame.ts';
import { NOT_TRUNCATED } from './history.ts';
import { moveTo } from './progress.ts';
import { runChoice } from './states/choice.ts';
import { runFail } from './states/fail.ts';
import { runMap } from './states/map.ts';
import { runParallel } from './states/parallel.ts';
import { runPass } from './states/pass.ts';
import { runSucceed } from './states/succeed.ts';
import { runTask } from './states/task.ts';
import type { RunLine } from './states/together.ts';
import { runWait } from './states/wait.ts';

const handlers: Record<State['Type'], (frame: Frame, runLine: RunLine) => Promise<Exit>> = {
  Task: runTask,
  Pass: runPass,
  Choice: runChoice,
  Wait: runWait,
  Succeed: runSucceed,
  Fail: runFail,
  Parallel: runParallel,
  Map: runMap,
};

/** Goes from state to state, from where the line's progress stands to an end. Failures are StateErrors. */
export async function runLine(line: Line): Promise<Json> {
  const { progress } = line;
  for (;;) {
    line.signal.throwIfAborted();
    const exit = await visit(line);
    if (exit.next === undefined) {
      progress.output = exit.output;
      progress.done = true;
      return exit.output;
    }
    moveTo(progress, exit.next, exit.output);
  }
}

async function visit(line: Line): Promise<Exit> {
  const state = line.block.States[line.progress.stateName];
  if (state === undefined) throw new Error(`There is no state named ${line.progress.stateName}`);
  const frame: Frame = {
    line,
    state,
    name: line.progress.stateName,
    input: line.progress.input,
    queryLanguage: queryLanguageOf(line, state),
    signal: line.signal,
  };
  // A redriven state goes on in its first visit. Only Fail is entered again (documented for redrive).
  if (line.progress.entered === undefined || state.Type === 'Fail') enter(frame);
  try {
    const exit = await handlers[state.Type](frame, runLine);
    line.signal.throwIfAborted();
    leave(frame, exit);
    return exit;
  } catch (error) {
    line.signal.throwIfAborted();
    const failure = error instanceof StateError ? error : runtimeFailure(frame, String(error));
    report(frame, failure);
    throw failure;
  }
}

function enter({ line, name, state, input }: Frame): void {
  const { cursor, progress } = line;
  const after = cursor.previous;
  const time = progress.entered?.time ?? new Date(line.run.environment.clock.now()).toISOString();
  const id = cursor.advance(`${state.Type}StateEntered` as HistoryEventType, {
    stateEnteredEventDetails: {
      name,
      input: progress.inputText ?? JSON.stringify(input),
      inputDetails: NOT_TRUNCATED,
    },
  });
  progress.entered = { id, after, time };
}

function leave({ line, name, state }: Frame, { output, assigned }: Exit): void {
  const names = Object.keys(assigned ?? {}).sort();
  line.cursor.advance(`${state.Type}StateExited` as HistoryEventType, {
    stateExitedEventDetails: {
      name,
      output: JSON.stringify(output),
      outputDetails: NOT_TRUNCATED,
      ...(assigned === undefined
        ? {}
        : {
            assignedVariables: Object.fromEntries(
              names.map((variable) => [variable, JSON.stringify(assigned[variable])]),
            ),
            assignedVariablesDetails: NOT_TRUNCATED,
          }),
    },
  });
  line.progress.variables.assign(assigned ?? {});
}
