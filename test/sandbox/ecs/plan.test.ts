import { describe, expect, it } from '@jest/globals';
import {
  lowerLimit,
  type PlanInput,
  type PlannedTask,
  plan,
  upperLimit,
} from '#sandbox/ecs/scheduler/plan.ts';
import { fc } from '#test/support/property.ts';

let created = 0;
const task = (id: string, changes: Partial<PlannedTask> = {}): PlannedTask => ({
  id,
  primary: true,
  running: true,
  healthy: true,
  unhealthy: false,
  wasHealthy: true,
  leaving: false,
  createdAt: created++,
  ...changes,
});
const old = (id: string) => task(id, { primary: false });
const pending = (id: string) => task(id, { running: false, healthy: false, wasHealthy: false });
const input = (changes: Partial<PlanInput>): PlanInput => ({
  desiredCount: 2,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  tasks: [],
  halted: false,
  blocked: false,
  ...changes,
});
const stopped = (changes: Partial<PlanInput>) =>
  plan(input(changes)).stop.map(({ id, because }) => `${id} ${because}`);

describe('plan', () => {
  it('starts what is missing', () => {
    expect(plan(input({ tasks: [] }))).toEqual({ start: 2, stop: [] });
    expect(plan(input({ tasks: [task('a'), pending('b')] }))).toEqual({ start: 0, stop: [] });
  });

  it('at 100/200 starts all new tasks first, and stops an old one for each that is healthy', () => {
    const before = [old('a'), old('b')];
    expect(plan(input({ tasks: before }))).toEqual({ start: 2, stop: [] });
    expect(stopped({ tasks: [...before, task('c'), pending('d')] })).toEqual(['a scaling']);
    expect(stopped({ tasks: [...before, task('c'), task('d')] })).toEqual(['a scaling', 'b scaling']);
  });

  it('never counts on a task of a rollout that was broken off before it was healthy', () => {
    const brokenOff = task('b', { primary: false, healthy: false, wasHealthy: false });
    expect(stopped({ desiredCount: 1, tasks: [old('a'), brokenOff] })).toEqual(['b scaling']);
    expect(stopped({ desiredCount: 1, tasks: [brokenOff, old('a'), task('c')] })).toEqual([
      'b scaling',
      'a scaling',
    ]);
  });

  it('at 50/100 stops half of them first and starts as many', () => {
    const halves = { desiredCount: 4, minimumHealthyPercent: 50, maximumPercent: 100 };
    const tasks = [old('a'), old('b'), old('c'), old('d')];
    expect(plan(input({ ...halves, tasks }))).toMatchObject({ start: 0, stop: [{ id: 'a' }, { id: 'b' }] });
    expect(plan(input({ ...halves, tasks: tasks.slice(2) }))).toEqual({ start: 2, stop: [] });
  });

  it('rounds the minimum up and the maximum down', () => {
    const odd = { desiredCount: 3, minimumHealthyPercent: 50, maximumPercent: 150 };
    expect([lowerLimit(input(odd)), upperLimit(input(odd))]).toEqual([2, 4]);
    const tasks = [old('a'), old('b'), old('c')];
    expect(plan(input({ ...odd, tasks }))).toMatchObject({ start: 1, stop: [{ id: 'a' }] });
  });

  it('can do nothing for one task between 100 and 100 percent', () => {
    expect(plan(input({ desiredCount: 1, maximumPercent: 100, tasks: [old('a')] }))).toEqual({
      start: 0,
      stop: [],
    });
  });

  it('stops a new task that failed its health checks, and tries again', () => {
    const failed = task('c', { healthy: false, unhealthy: true, wasHealthy: false });
    expect(stopped({ tasks: [old('a'), old('b'), failed] })).toEqual(['c unhealthy']);
  });

  it('replaces a task that was healthy once before it stops it, where there is room', () => {
    const sick = task('a', { healthy: false, unhealthy: true });
    expect(plan(input({ tasks: [sick, task('b')] }))).toEqual({ start: 1, stop: [] });
    expect(stopped({ tasks: [sick, task('b'), task('c')] })).toEqual(['a unhealthy']);
    expect(stopped({ tasks: [sick, task('b')], blocked: true })).toEqual(['a unhealthy']);
  });

  it('launches nothing and takes nothing away once the deployment has failed', () => {
    expect(plan(input({ halted: true, tasks: [old('a'), old('b')] }))).toEqual({ start: 0, stop: [] });
  });

  it('shrinks by the tasks that serve nobody, then by the newest', () => {
    const tasks = [task('a'), task('b'), task('c'), pending('d')];
    expect(stopped({ desiredCount: 2, tasks })).toEqual(['d scaling', 'c scaling']);
  });

  it('moves tasks off a draining instance', () => {
    const leaving = task('a', { leaving: true });
    expect(plan(input({ tasks: [leaving, task('b')] }))).toEqual({ start: 1, stop: [] });
    expect(stopped({ tasks: [leaving, task('b'), task('c')] })).toEqual(['a scaling']);
  });

  const states = fc.record({
    primary: fc.boolean(),
    state: fc.constantFrom('pending', 'running', 'healthy', 'unhealthy'),
    wasHealthy: fc.boolean(),
    leaving: fc.boolean(),
  });
  const situations = fc.record({
    desiredCount: fc.integer({ min: 0, max: 12 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 300 }),
    halted: fc.boolean(),
    blocked: fc.boolean(),
    tasks: fc.array(states, { maxLength: 24 }).map((list) =>
      list.map(({ state, ...rest }, index) => ({
        ...rest,
        id: String(index),
        running: state !== 'pending',
        healthy: state === 'healthy',
        unhealthy: state === 'unhealthy',
        createdAt: index,
      })),
    ),
  });

  it('never starts beyond the maximum, and never stops a healthy task below the minimum', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { start, stop } = plan(situation);
        const ids = new Set(stop.map(({ id }) => id));
        const staying = situation.tasks.filter(({ id }) => !ids.has(id));
        expect(ids.size).toBe(stop.length);
        if (start > 0) expect(situation.tasks.length + start).toBeLessThanOrEqual(upperLimit(situation));
        const serves = (one: PlannedTask) =>
          one.primary ? one.healthy : one.running && one.wasHealthy && !one.unhealthy;
        const stoppedServing = situation.tasks.filter((one) => ids.has(one.id) && serves(one));
        if (stoppedServing.length === 0) return;
        const left = staying.filter(serves).length;
        expect(left).toBeGreaterThanOrEqual(lowerLimit(situation));
      }),
      { numRuns: 1000 },
    );
  });

  it('brings every rollout to its end, within the limits at every step', () => {
    const rollouts = fc.record({
      desiredCount: fc.integer({ min: 1, max: 10 }),
      minimumHealthyPercent: fc.integer({ min: 0, max: 99 }),
      maximumPercent: fc.integer({ min: 100, max: 200 }),
    });
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const empty = input({ ...rollout });
        fc.pre(lowerLimit(empty) < rollout.desiredCount || upperLimit(empty) > rollout.desiredCount);
        let tasks = Array.from({ length: rollout.desiredCount }, (_, index) => old(`old ${index}`));
        for (let step = 0; step < 100 && tasks.some(({ primary }) => !primary); step++) {
          const { start, stop } = plan({ ...empty, tasks });
          const ids = new Set(stop.map(({ id }) => id));
          tasks = tasks
            .filter(({ id }) => !ids.has(id))
            .map((one) => ({ ...one, running: true, healthy: true }));
          expect(tasks.length).toBeGreaterThanOrEqual(lowerLimit(empty));
          tasks.push(...Array.from({ length: start }, (_, index) => pending(`${step} ${index}`)));
          expect(tasks.length).toBeLessThanOrEqual(upperLimit(empty));
        }
        expect(tasks.filter(({ primary }) => !primary)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
