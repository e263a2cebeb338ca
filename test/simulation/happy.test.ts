import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calmPath, stepsOf } from '#test/support/paths.ts';
import { BUILDS_BEGIN, createWorld, type Ended, type World } from './harness.ts';
import { recordOf } from './runs.ts';

let world: World;

/** The release that the build of this number has made, as ECR has its image. */
async function releaseOf(build: number) {
  const commit = build.toString(16).padStart(40, 'c');
  const { imageDetails } = await world.call('ecr', 'DescribeImages', {
    repositoryName: 'webapp',
    imageIds: [{ imageTag: commit }],
  });
  return {
    deployment: `webapp-cccccccccccc-${build}`,
    commit,
    digest: imageDetails[0].imageDigest as string,
    taskDefinition: `arn:aws:ecs:us-east-1:000000000000:task-definition/webapp:${build}`,
  };
}

/** The tasks of the service that have not stopped, by what each of them is of. */
async function runningTasks() {
  const cluster = 'ecs-cluster';
  const { taskArns } = await world.call('ecs', 'ListTasks', { cluster, serviceName: 'webapp-service' });
  const { tasks } = await world.call('ecs', 'DescribeTasks', { cluster, tasks: taskArns });
  return tasks.map(
    (task: { lastStatus: string; taskDefinitionArn: string; containers: { imageDigest: string }[] }) => ({
      lastStatus: task.lastStatus,
      taskDefinition: task.taskDefinitionArn,
      digests: task.containers.map(({ imageDigest }) => imageDigest),
    }),
  );
}

describe.each([1, 2])('the deployment of release %i, in virtual time', (build) => {
  let end: Ended;
  let release: Awaited<ReturnType<typeof releaseOf>>;

  beforeAll(async () => {
    world = await createWorld();
    for (let count = 1; count <= build; count += 1) end = await world.deploy();
    release = await releaseOf(build);
  });

  afterAll(() => world.end());

  it('goes the way of the happy path', () => {
    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED', path: calmPath({ looks: 2 }) });
  });

  it('leaves the service running the release, and nothing else', async () => {
    const { taskDefinition, digest } = release;

    expect(await runningTasks()).toEqual([{ lastStatus: 'RUNNING', taskDefinition, digests: [digest] }]);
    expect(await world.ecsService()).toMatchObject({
      taskDefinition,
      desiredCount: 1,
      runningCount: 1,
      pendingCount: 0,
      deployments: [{ status: 'PRIMARY', taskDefinition, runningCount: 1, failedTasks: 0 }],
    });
  });

  it('is on record as live, with each of its states over at the first attempt', async () => {
    const { deployment, commit, digest, taskDefinition } = release;

    const record = await recordOf(world, end.executionArn);

    expect(record).toMatchObject({
      deployment,
      commit,
      digest,
      taskDefinition,
      service: 'webapp',
      execution: end.executionArn,
      status: 'SUCCEEDED',
      serviceOutcome: 'LIVE',
      redriveCount: 0,
      trigger: { kind: 'push', requestedBy: 'Ann' },
    });
    expect(record).not.toHaveProperty('error');
    const { startedAt, endedAt = 0, steps = [] } = record;
    expect(endedAt).toBeGreaterThan(startedAt);
    expect(steps.at(-1)).toMatchObject({ state: 'Deployed', endedAt });
    expect(steps.map(({ state, attempts }) => [state, attempts])).toEqual(
      stepsOf(calmPath()).map((state) => [state, 1]),
    );
  });

  it('is the last known good, and holds nothing any more', async () => {
    const { endedAt } = await recordOf(world, end.executionArn);

    const item = await world.item();

    expect(item).toMatchObject({
      lastKnownGood: { ...release, at: endedAt },
      previousGood: build === 1 ? [] : [await releaseOf(1)],
      released: { owner: end.executionArn, redriveCount: 0 },
      newestBuiltAt: BUILDS_BEGIN + build,
    });
    for (const name of ['claim', 'waiter', 'freeze', 'brokenSince']) expect(item).not.toHaveProperty(name);
  });

  it('leaves no wait for an event behind', async () => {
    const { Items } = await world.call('dynamodb', 'Scan', { TableName: 'landfall-dev' });

    expect(Items.map(({ sk }: { sk: { S: string } }) => sk.S).sort()).toEqual([
      ...Array.from({ length: build }, (_, index) => `DEPLOYMENT#webapp-cccccccccccc-${index + 1}`),
      'STATE',
    ]);
  });
});
