import { describe, expect, it } from '@jest/globals';
import { containersOf, keptLinesOf, lastLines, mergeLines } from '#lib/deployment/record/logs.ts';
import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import { NOON } from '../fixtures.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const OTHER = `sha256:${'b'.repeat(64)}`;

const record = (rest: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  deployment: 'webapp-1',
  service: 'webapp',
  execution: 'arn',
  status: 'RUNNING',
  redriveCount: 0,
  startedAt: NOON,
  digest: DIGEST,
  trigger: { kind: 'push' },
  ...rest,
});

const task = (taskArn: string, second: number, rest: Partial<TaskObservation> = {}): TaskObservation => ({
  taskArn,
  lastStatus: 'RUNNING',
  createdAt: NOON + second * 1_000,
  taskDefinition: 'webapp:8',
  containers: [{ name: 'webapp', essential: true, image: `registry/webapp@${DIGEST}` }],
  ...rest,
});

const stopped = { lastStatus: 'STOPPED' };

const ofOther = { containers: [{ name: 'webapp', essential: true, image: `registry/webapp@${OTHER}` }] };

const chosen = (...[of, tasks, filter]: Parameters<typeof containersOf>) =>
  containersOf(of, tasks, filter).chosen.map(({ task: { taskArn }, container }) => `${taskArn}/${container}`);

describe('the containers of a deployment', () => {
  const tasks = {
    service: [
      task('before', -60),
      task('stopped', 10, stopped),
      task('first', 20),
      task('second', 30),
      task('other image', 25, ofOther),
      task('of the one after', 95, stopped),
    ],
    migrations: [task('migration', 5, stopped), task('older migration', -100, stopped)],
  };

  it('that is under way are those of its image since it began, the newest tasks first, the stopped ones last', () => {
    expect(chosen(record(), tasks, {})).toEqual([
      'migration/webapp',
      'second/webapp',
      'first/webapp',
      'of the one after/webapp',
      'stopped/webapp',
    ]);
  });

  it('that failed are those of its image while it was under way', () => {
    expect(chosen(record({ status: 'FAILED', endedAt: NOON + 60_000 }), tasks, {})).toEqual([
      'migration/webapp',
      'second/webapp',
      'first/webapp',
      'stopped/webapp',
    ]);
  });

  it('that is live are those of its revision, whenever they were started, and its own migration', () => {
    const live = record({ status: 'SUCCEEDED', endedAt: NOON + 60_000, taskDefinition: 'webapp:8' });
    const service = [task('scaled out', 900), task('of revision 9', 950, { taskDefinition: 'webapp:9' })];

    expect(chosen(live, { ...tasks, service }, {})).toEqual(['migration/webapp', 'scaled out/webapp']);
  });

  it('are told apart by name, and by the migration', () => {
    const containers = ['webapp', 'proxy'].map((name) => ({
      name,
      essential: true,
      image: `registry/${name}@${DIGEST}`,
    }));
    const two = { service: [task('one', 10, { containers })], migrations: [task('m', 5, { containers })] };

    expect(chosen(record(), two, { container: 'proxy' })).toEqual(['m/proxy', 'one/proxy']);
    expect(chosen(record(), two, { migration: true })).toEqual(['m/webapp', 'm/proxy']);
  });

  it('are at most ten, and it is said that there are more', () => {
    const many = Array.from({ length: 11 }, (_, second) => task(`task-${second}`, second));

    const all = containersOf(record(), { service: many, migrations: [] }, {});
    const ten = containersOf(record(), { service: many.slice(1), migrations: [] }, {});

    expect(all.chosen).toHaveLength(10);
    expect(all.chosen.map(({ task: { taskArn } }) => taskArn)).not.toContain('task-0');
    expect([all.isTruncated, ten.isTruncated]).toEqual([true, false]);
  });
});

describe('the lines of several containers', () => {
  const line = (taskArn: string, at: number, message = `${taskArn} at ${at}`) => ({
    at,
    taskArn,
    container: 'webapp',
    message,
  });
  const parts = [
    [line('a', 1), line('a', 3, 'first'), line('a', 3, 'second')],
    [line('b', 2), line('b', 3)],
  ];

  it('are merged by time, each container in its own order', () => {
    expect(lastLines(parts, 10).map(({ message }) => message)).toEqual([
      'a at 1',
      'b at 2',
      'first',
      'second',
      'b at 3',
    ]);
  });

  it('are the last ones of all of them, but none is left out for whoever goes on', () => {
    expect(lastLines(parts, 2).map(({ message }) => message)).toEqual(['second', 'b at 3']);
    expect(mergeLines(parts)).toHaveLength(5);
  });

  it('are cut where they are endless, never inside a character', () => {
    const [cut, whole] = mergeLines([[line('a', 1, 'é'.repeat(3_000)), line('a', 2, 'x'.repeat(4_000))]]);

    expect(cut?.message).toBe(`${'é'.repeat(2_000)}…`);
    expect(lastLines([[line('a', 1, `x${'é'.repeat(3_000)}`)]], 1)[0]?.message).toBe(
      `x${'é'.repeat(1_999)}…`,
    );
    expect(whole?.message).toHaveLength(4_000);
  });
});

describe('the lines that the record keeps', () => {
  const failed = record({
    status: 'FAILED',
    failure: {
      state: 'AwaitMigration',
      error: 'MigrationFailed',
      message: 'It failed.',
      detail: { taskArn: 'm', container: 'webapp', logTail: ['boom'] },
    },
  });
  const lines = [{ taskArn: 'm', container: 'webapp', message: 'boom' }];

  it('are told once ECS has forgotten the task', () => {
    expect(keptLinesOf(failed, [], {})).toEqual({
      isMigration: true,
      taskArn: 'm',
      container: 'webapp',
      lines,
    });
    expect(keptLinesOf(failed, [task('m', 5)], {})).toBeUndefined();
  });

  it('are those of an earlier run where the last one has none', () => {
    const earlier = { redriveCount: 0, status: 'FAILED' as const, failure: failed.failure };

    expect(keptLinesOf({ ...record(), redriveCount: 1, runs: [earlier] }, [], {})).toMatchObject({ lines });
  });

  it.each([
    ['there was no failure', record(), {}],
    ['another container is asked for', failed, { container: 'proxy' }],
    [
      'the migration is asked for and it was not what failed',
      { ...failed, failure: { ...failed.failure, state: 'AwaitRollout' } } as DeploymentRecord,
      { migration: true },
    ],
  ])('are not told where %s', (_, of, filter) => {
    expect(keptLinesOf(of, [], filter)).toBeUndefined();
  });
});
