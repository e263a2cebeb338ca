import { createKeys } from './canonical.ts';
import { findViolation, type Violation } from './invariants.ts';
import { stepsFrom } from './surroundings.ts';
import type { Model } from './walk.ts';
import { initialWorld, type World } from './world.ts';

/** What a search has walked. */
export interface Searched {
  worlds: number;
  transitions: number;
  /** Transitions from the first world to the farthest. */
  depth: number;
  /** The first violation, with the shortest way to it: a line for each step. */
  violation?: Violation & { trace: string[] };
}

/** Walks every world within the model's bounds, the nearest first. Stops at the first violation, or after `most` worlds. */
export function search(model: Model, most = Number.POSITIVE_INFINITY): Searched {
  const limit = Error.stackTraceLimit;
  // Refusals are errors, and what costs most of an error is its stack.
  Error.stackTraceLimit = 0;
  try {
    return walk(model, most);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function walk(model: Model, most: number): Searched {
  const keyOf = createKeys();
  const first = initialWorld(model.bounds);
  const known = new Map<string, number>([[keyOf(first), 0]]);
  const cameFrom: number[] = [-1];
  const labels: string[] = [''];
  let transitions = 0;
  let depth = 0;
  const traceTo = (at: number): string[] => {
    const trace: string[] = [];
    for (let each = at; each > 0; each = cameFrom[each] as number) trace.unshift(labels[each] as string);
    return trace;
  };
  const edges: number[] = [];
  const leaves = model.bounds.builds.map(() => [] as number[]);
  const asks = model.bounds.builds.map(() => [] as number[]);
  const note = (world: World, at: number) => {
    world.executions.forEach(({ status, state }, index) => {
      (status === 'running' && state === 'ClaimService' ? asks : leaves)[index]?.push(at);
    });
  };
  note(first, 0);
  let frontier: [World, number][] = [[first, 0]];
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const [before, from] of frontier)
      for (const step of stepsFrom(model, before)) {
        transitions += 1;
        const violation = findViolation(model, before, step);
        if (violation !== undefined) {
          const trace = [...traceTo(from), step.label];
          return { worlds: known.size, transitions, depth: trace.length, violation: { ...violation, trace } };
        }
        const key = keyOf(step.after);
        let at = known.get(key);
        if (at === undefined) {
          at = known.size;
          known.set(key, at);
          cameFrom[at] = from;
          labels[at] = step.label;
          note(step.after, at);
          if (known.size <= most) next.push([step.after, at]);
        }
        if (at !== from) edges.push(from, at);
      }
    frontier = next;
    depth += 1;
  }
  const stuck = findStuck(known.size, edges, leaves, asks);
  if (stuck !== undefined)
    return { worlds: known.size, transitions, depth, violation: { ...stuck, trace: traceTo(stuck.at) } };
  return { worlds: known.size, transitions, depth };
}

/** The nearest world in which somebody waits, and from which no way leads to where that one waits no more. */
function findStuck(
  worlds: number,
  edges: number[],
  leaves: number[][],
  asks: number[][],
): (Violation & { at: number }) | undefined {
  const starts = new Uint32Array(worlds + 1);
  for (let each = 1; each < edges.length; each += 2) starts[(edges[each] as number) + 1]! += 1;
  for (let each = 1; each <= worlds; each += 1) starts[each]! += starts[each - 1] as number;
  const sources = new Uint32Array(edges.length / 2);
  const filled = starts.slice();
  for (let each = 0; each < edges.length; each += 2) {
    const to = edges[each + 1] as number;
    sources[filled[to]!++] = edges[each] as number;
  }
  for (const [index, goals] of leaves.entries()) {
    const reached = new Uint8Array(worlds);
    const open = [...goals];
    for (const goal of goals) reached[goal] = 1;
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (let each = starts[at] as number; each < (starts[at + 1] as number); each += 1) {
        const source = sources[each] as number;
        if (reached[source] === 1) continue;
        reached[source] = 1;
        open.push(source);
      }
    const at = asks[index]?.find((each) => reached[each] === 0);
    if (at !== undefined)
      return {
        at,
        invariant: 'nobodyWaitsForever',
        what: `execution-${'ABCDEFG'[index]} waits, and nothing that can happen ends that`,
      };
  }
  return undefined;
}
