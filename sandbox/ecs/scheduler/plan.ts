/** A task as the scheduler's decision sees it. */
export interface PlannedTask {
  id: string;
  /** Its deployment is the PRIMARY one. */
  primary: boolean;
  /** It has come to RUNNING. */
  running: boolean;
  /** It counts towards the minimum healthy percent. */
  healthy: boolean;
  /** A health check has failed, after the grace period. */
  unhealthy: boolean;
  /** It has been healthy before. */
  wasHealthy: boolean;
  /** Its instance is draining. */
  leaving: boolean;
  /** When it was started: the newest goes first when a service shrinks. */
  createdAt: number;
}

export interface PlanInput {
  desiredCount: number;
  minimumHealthyPercent: number;
  maximumPercent: number;
  /** All tasks that run or are about to; not those that are being stopped. */
  tasks: PlannedTask[];
  /** The deployment has failed and launches nothing any more. */
  halted: boolean;
  /** There was no room for another task the last time one was tried. */
  blocked: boolean;
}

export interface Plan {
  start: number;
  stop: { id: string; because: 'scaling' | 'unhealthy' }[];
}

export function lowerLimit({ desiredCount, minimumHealthyPercent }: PlanInput): number {
  return Math.ceil((desiredCount * minimumHealthyPercent) / 100);
}

export function upperLimit({ desiredCount, maximumPercent }: PlanInput): number {
  return Math.floor((desiredCount * maximumPercent) / 100);
}

/**
 * One step of a rolling update: which tasks to start and to stop now. The tasks that stay up never fall below
 * minimumHealthyPercent (rounded up) because of a stop, and a start never takes the service above
 * maximumPercent (rounded down).
 */
export function plan(input: PlanInput): Plan {
  const { desiredCount, tasks, halted } = input;
  const hopeless = tasks.filter((task) => task.primary && task.unhealthy && !task.wasHealthy);
  const sick = tasks.filter((task) => task.primary && task.unhealthy && task.wasHealthy);
  const wanted = tasks.filter((task) => task.primary && !task.unhealthy && !task.leaving);
  const replaced = tasks.filter((task) => !task.primary || (task.leaving && !task.unhealthy));

  const room = upperLimit(input) - tasks.length;
  const start = halted ? 0 : clamp(Math.min(desiredCount - wanted.length, room));
  const stop: Plan['stop'] = [
    ...hopeless.map(({ id }) => ({ id, because: 'unhealthy' as const })),
    ...stopSick(input, sick, wanted, room).map(({ id }) => ({ id, because: 'unhealthy' as const })),
    ...stopSurplus(input, wanted).map(({ id }) => ({ id, because: 'scaling' as const })),
    ...(halted ? [] : stopReplaced(input, replaced, wanted)).map(({ id }) => ({
      id,
      because: 'scaling' as const,
    })),
  ];
  return { start, stop };
}

/** A task that was healthy once is replaced first and stopped then, where there is room for that; else one by one. */
function stopSick(input: PlanInput, sick: PlannedTask[], wanted: PlannedTask[], room: number): PlannedTask[] {
  const replacements = wanted.filter(({ healthy }) => healthy).length;
  if (replacements >= input.desiredCount) return sick;
  return input.halted || input.blocked || room <= 0 ? sick.slice(0, 1) : [];
}

/** More tasks than desired: first those that serve nobody yet, then the newest. */
function stopSurplus({ desiredCount }: PlanInput, wanted: PlannedTask[]): PlannedTask[] {
  return [...wanted]
    .sort((one, other) => rank(one) - rank(other) || other.createdAt - one.createdAt)
    .slice(0, clamp(wanted.length - desiredCount));
}

/** Old tasks go as far as the lower limit allows; those that serve nobody are free to go. */
function stopReplaced(input: PlanInput, replaced: PlannedTask[], wanted: PlannedTask[]): PlannedTask[] {
  const serving = replaced.filter(serves);
  const healthyNew = wanted.filter(({ healthy }) => healthy).length;
  const spare = clamp(Math.min(healthyNew, input.desiredCount) + serving.length - lowerLimit(input));
  return [...replaced.filter((task) => !serves(task)), ...serving.slice(0, spare)];
}

/**
 * New tasks have to be healthy to be counted on. Of old ones it is enough that they once were and that nothing speaks
 * against them now; those of a rollout that was broken off before they were healthy have served nobody.
 */
function serves({ primary, running, healthy, unhealthy, wasHealthy }: PlannedTask): boolean {
  return primary ? healthy : running && wasHealthy && !unhealthy;
}

function rank(task: PlannedTask): number {
  return Number(task.healthy) + Number(task.running && !task.unhealthy);
}

function clamp(count: number): number {
  return Math.max(0, count);
}
