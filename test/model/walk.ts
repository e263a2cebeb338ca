import type { Bounds, Conduct, Decisions } from './decisions.ts';
import type { Answer, Call, StateName, World } from './world.ts';
import { copyOf } from './world.ts';

/** What the invariants are told of a transition, beside the worlds before and after it. */
export type Happening =
  | { kind: 'begins to act'; of: number; redriveCount: number; state: StateName }
  | { kind: 'lands'; call: Call }
  | { kind: 'starts a migration'; of: number }
  | { kind: 'goes live'; of: number }
  | { kind: 'is put on record'; of: number; redriveCount: number }
  | { kind: 'displaces'; of: number; displaced: number };

/** One transition. */
export interface Step {
  label: string;
  after: World;
  happenings: Happening[];
}

/** What the functions, the machine and the people of the model have at hand. */
export interface Model {
  decisions: Decisions;
  conduct: Conduct;
  bounds: Bounds;
  /** Invariants that are not asked. */
  except?: readonly string[];
}

/** A world under construction: what is changed in it, and what there is to be said of the change. */
export interface Draft {
  world: World;
  model: Model;
  happen(happening: Happening): void;
}

/** Collects the transitions out of one world. */
export interface Walk {
  model: Model;
  before: World;
  steps: Step[];
}

/** Adds a transition; `costs` is how much of what may go wrong it uses up. One that changes nothing is left out by the search. */
export function add(
  { model, before, steps }: Walk,
  label: string,
  change: (draft: Draft) => void,
  costs = 0,
): void {
  if (before.adversities < costs) return;
  const { only } = model.bounds;
  if (costs > 0 && only !== undefined && !only.some((words) => label.includes(words))) return;
  const after = copyOf(before);
  after.adversities -= costs;
  const happenings: Happening[] = [];
  change({ world: after, model, happen: (happening) => happenings.push(happening) });
  // Nobody takes an answer to a token of before.
  after.answers = after.answers.filter((answer) => takerOf(after, answer) !== -1);
  steps.push({ label, after, happenings });
}

/** The execution that waits under this task token; -1 where none does. */
export const takerOf = ({ executions }: World, { taskToken }: Pick<Answer, 'taskToken'>) =>
  executions.findIndex(
    (each) => each.status === 'running' && each.state === 'ClaimService' && each.taskToken === taskToken,
  );
