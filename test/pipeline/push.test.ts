import type { TraceSummary } from '@aws-sdk/client-xray';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keepAsking } from '#sandbox/scenarios/asking.ts';
import { partsOf, type SegmentDocument } from '#sandbox/xray/segment.ts';
import { brief, calmPath, halted, pathTo, rolledBack } from '#test/support/paths.ts';
import { type Ended, type Pipeline, startPipeline, until } from '#test/support/pipeline.ts';
import { functionOf, serverless } from '#test/support/wiring.ts';

/**
 * Real pushes through the whole pipeline: the packaged bundles, the compiled template and the shipped policies, real
 * builds, tasks, load balancer and database. The tests build on one another, as pushes to one service do.
 */
let pipeline: Pipeline;
let url: string;
let crashed: Ended;

beforeAll(async () => {
  pipeline = await startPipeline();
  url = pipeline.sandbox.world?.loadBalancer.url ?? '';
}, 60_000);

afterAll(() => pipeline?.stop());

describe('a push', () => {
  let first: string;

  it('goes live: built, migrated, rolled out, healthy, recorded as last known good', async () => {
    first = await pipeline.push('Deploy the articles API');

    const end = await pipeline.deployed(first);

    expect(end).toMatchObject({ cause: undefined, status: 'SUCCEEDED' });
    expect(brief(end.path)).toEqual(calmPath());
    const home = await fetch(`${url}/`);
    expect([home.status, await home.json()]).toEqual([200, { message: 'hello!' }]);
    const created = await fetch(`${url}/articles`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'The title', body: 'The body' }),
    });
    expect(await created.json()).toMatchObject({ title: 'The title', slug: 'the-title' });
    expect(await pipeline.state()).toMatchObject({ lastKnownGood: { M: { commit: { S: first } } } });
    expect(await pipeline.state()).not.toHaveProperty('claim');
  });

  it('is one deployment, however often its build is told', async () => {
    const build = await pipeline.built(first);
    const before = await executions();

    await invoke('landfall-dev-imageBuilt', buildEvent(build.id));

    expect(await executions()).toEqual(before);
  });

  it('that fails to build deploys nothing and tells people', async () => {
    const commit = await pipeline.push('Break the build', {
      Dockerfile: `${pipeline.read('Dockerfile')}\nRUN exit 3\n`,
    });

    const build = await pipeline.built(commit);

    expect(build.buildStatus).toBe('FAILED');
    const told = await until('a notification', async () =>
      messages().find((each) => each.includes('BUILD_FAILED')),
    );
    expect(told).toContain('BuildFailed');
    expect(await executions()).toHaveLength(1);
    await pipeline
      .push('Mend the build', { Dockerfile: pipeline.read('Dockerfile').replace('\nRUN exit 3\n', '') })
      .then(pipeline.deployed);
  });

  it('whose migration fails never touches the service, and tells the reason', async () => {
    const running = await taskDefinition();

    const commit = await pipeline.push('Break the migration', {
      'db/migrate/002_broken.sql': 'ALTER TABLE nowhere ADD COLUMN x int;',
    });
    const end = await pipeline.deployed(commit);

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationFailed' });
    expect(end.path).toEqual([...pathTo('AwaitMigration'), ...halted]);
    expect(end.cause).toContain('exited with code 1');
    expect(JSON.parse(end.cause ?? '').errorMessage).toMatch(
      /Last log lines:\n(.+\n)*.*relation "nowhere" does not exist/,
    );
    expect(end.cause).toContain('The service was not touched');
    expect(await taskDefinition()).toBe(running);
    expect(await pipeline.state()).not.toHaveProperty('claim');
  });

  it('that crashes at its start is told as a crash loop and rolled back without a failed request', async () => {
    const running = await taskDefinition();
    const requests = keepAsking(`${url}/`);

    const commit = await pipeline.push('Crash', {
      'db/migrate/002_broken.sql': null,
      'server.js': "console.error('no database'); process.exit(7);\n",
    });
    const end = await pipeline.deployed(commit);
    crashed = end;

    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutCrashLoop' });
    expect(end.path).toEqual([...pathTo('AwaitRollout'), ...rolledBack]);
    expect(end.cause).toContain('exited with code 7');
    expect(JSON.parse(end.cause ?? '').errorMessage).toContain('Last log lines:\n  no database\n');
    expect(end.cause).toContain('Rolled back');
    expect(await taskDefinition()).toBe(running);
    expect([...requests.answers().keys()]).toEqual(['200 {"message":"hello!"}']);
    await requests.stop();
  });

  it('whose template does not name the container fails before anything changes', async () => {
    const file = 'ecs/task-definitions/webapp.json';
    const template = JSON.parse(pipeline.read(file));
    template.containerDefinitions[0].name = 'somebody-else';
    template.containerDefinitions[0].image = 'pacuna/webapp:latest';

    const commit = await pipeline.push('Rename the container', { [file]: JSON.stringify(template) });
    const end = await pipeline.deployed(commit);

    expect(end).toMatchObject({ status: 'FAILED', error: 'ContainerNotFound' });
    expect(end.path).toEqual([...pathTo('VerifyRelease'), ...halted]);
  });

  it('whose bundle cannot be read fails by that name', async () => {
    const commit = await pipeline.push('Break the template', {
      'ecs/task-definitions/webapp.json': '{ not json',
    });

    const end = await pipeline.deployed(commit);

    expect(end).toMatchObject({ status: 'FAILED', error: 'BundleUnreadable' });
    expect(end.cause).toContain('webapp.json is not JSON');
  });
  it('can be followed by the id of its build, from the log of the build to the last line of every function', async () => {
    const ended = (await executions()).length;
    await until('the end of every execution to be on record', async () => {
      const lines = await functionLines();
      return (
        lines.filter(({ message }) => message === 'The end of the execution is on record').length === ended
      );
    });
    const { ids } = await pipeline.call('codebuild', 'ListBuildsForProject', {
      projectName: 'landfall-dev-webapp',
    });
    const { builds } = await pipeline.call('codebuild', 'BatchGetBuilds', { ids });
    const commits = new Map<unknown, string>(
      builds.map((build: { id: string; sourceVersion: string }) => [build.id, build.sourceVersion]),
    );

    const built = (await logOf('/aws/codebuild/')).map(({ message }) => message);
    const lines = await functionLines();

    for (const [id, commit] of commits) expect(built).toContain(`Build ${id} of commit ${commit}`);
    expect(lines.filter((line) => !commits.has(line.correlation_id))).toEqual([]);
    // A metric's line holds what CloudWatch counts it by, and the id; every other line all that it is about.
    const told = lines.filter((line) => line._aws === undefined);
    const misled = told.filter(
      ({ correlation_id: id, build, commit, target }) =>
        build !== id || commit !== commits.get(id) || target !== 'webapp',
    );
    expect(misled).toEqual([]);
    const named = told.filter(({ deployment, commit }) =>
      String(deployment).startsWith(`webapp-${String(commit).slice(0, 12)}-`),
    );
    const ofThePipeline = Object.entries(serverless.functions).flatMap(([key, { handler }]) =>
      handler.startsWith('functions/api/') ? [] : [key],
    );
    expect(new Set(named.map((line) => line.function))).toEqual(new Set(ofThePipeline));
  });
});

describe('the trace of a deployment', () => {
  it('is found by its correlation id, and holds the machine, its functions and their calls to AWS', async () => {
    const { executionArn, path } = crashed;
    const { input, name } = await pipeline.call('states', 'DescribeExecution', { executionArn });
    const { id } = JSON.parse(input).release.build;
    const annotations = { correlation_id: id, deployment: name, target: 'webapp' };

    const { Id } = await until('the whole trace', async () => {
      const { TraceSummaries } = await pipeline.call('xray', 'GetTraceSummaries', {
        StartTime: new Date(0),
        EndTime: new Date(),
        FilterExpression: `annotation.correlation_id = "${id}" AND annotation.deployment = "${name}"`,
      });
      return TraceSummaries.find((each: TraceSummary) =>
        each.ServiceIds?.some(({ Type }) => Type === 'AWS::StepFunctions::StateMachine'),
      );
    });
    const { Traces } = await pipeline.call('xray', 'BatchGetTraces', { TraceIds: [Id] });
    const segments: SegmentDocument[] = Traces[0].Segments.map(({ Document }: { Document: string }) =>
      JSON.parse(Document),
    );

    const machine = segments.find(({ origin }) => origin === 'AWS::StepFunctions::StateMachine');
    const tasks = path.filter((state) => functionOf(state) in serverless.functions);
    expect(machine).toMatchObject({ name: 'landfall-dev', fault: true });
    expect(new Set(machine?.subsegments?.map((each) => each.name))).toEqual(new Set(tasks));
    const functions = segments.filter(({ origin }) => origin === 'AWS::Lambda::Function');
    expect(new Set(functions.map((each) => each.name))).toEqual(
      new Set(['ImageBuilt', ...tasks].map((state) => `landfall-dev-${functionOf(state)}`)),
    );
    const handlers = functions.map(({ subsegments = [] }) => subsegments.find((each) => each.annotations));
    expect(handlers).toEqual(functions.map(() => expect.objectContaining({ end_time: expect.any(Number) })));
    expect(handlers.map((each) => each?.annotations)).toEqual(
      handlers.map(() => expect.objectContaining({ ...annotations, ColdStart: expect.any(Boolean) })),
    );
    const update = functions.find((each) => each.name === 'landfall-dev-updateService');
    expect(update && partsOf(update)).toContainEqual(
      expect.objectContaining({ name: 'ECS', aws: expect.objectContaining({ operation: 'UpdateService' }) }),
    );
  });
});

describe('an event that is none of ours', () => {
  it('about a foreign build project is refused', async () => {
    expect(await invoke('landfall-dev-imageBuilt', buildEvent('somebody-else:1'))).toMatchObject({
      errorType: 'InvalidEvent',
    });
  });

  it('about a service that is not configured is refused', async () => {
    expect(await invoke('landfall-dev-imageBuilt', buildEvent('landfall-dev-shop:1'))).toMatchObject({
      errorType: 'UnknownService',
    });
  });

  it('of no known form is refused', async () => {
    expect(await invoke('landfall-dev-ecsChanged', { detail: {} })).toMatchObject({
      errorType: 'InvalidEvent',
    });
  });
});

async function invoke(name: string, event: object) {
  const { payload } = await pipeline.sandbox.services.lambda.invoke(name, JSON.stringify(event));
  return JSON.parse(payload);
}

const buildEvent = (id: string) => ({
  'detail-type': 'CodeBuild Build State Change',
  detail: {
    'build-status': 'SUCCEEDED',
    'project-name': id.split(':')[0],
    'build-id': `arn:aws:codebuild:us-east-1:000000000000:build/${id}`,
  },
});

async function executions(): Promise<string[]> {
  const { stateMachines } = await pipeline.call('states', 'ListStateMachines', {});
  const { executions } = await pipeline.call('states', 'ListExecutions', {
    stateMachineArn: stateMachines[0].stateMachineArn,
  });
  return executions.map((each: { name: string }) => each.name);
}

/** What has been written to all log groups under a prefix. */
async function logOf(prefix: string): Promise<{ message: string; group: string }[]> {
  const { logGroups } = await pipeline.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: prefix });
  const groups = await Promise.all(
    logGroups.map(async ({ logGroupName }: { logGroupName: string }) => {
      const { events } = await pipeline.call('logs', 'FilterLogEvents', { logGroupName });
      return events.map(({ message }: { message: string }) => ({ message, group: logGroupName }));
    }),
  );
  return groups.flat();
}

/** The lines that Landfall's functions wrote themselves, Lambda's own left out. */
async function functionLines(): Promise<Record<string, unknown>[]> {
  const lines = await logOf('/aws/lambda/landfall-dev-');
  return lines.flatMap(({ message, group }) =>
    message.startsWith('{') ? [{ ...JSON.parse(message), function: group.split('-').at(-1) }] : [],
  );
}

function messages(): string[] {
  const { sns, context } = { sns: pipeline.sandbox.services.sns, context: pipeline.sandbox.context };
  return sns
    .messages(`arn:aws:sns:${context.region}:${context.accountId}:landfall-dev`)
    .map((each) => JSON.stringify(each));
}

async function taskDefinition(): Promise<string> {
  const { services } = await pipeline.call('ecs', 'DescribeServices', {
    cluster: 'ecs-cluster',
    services: ['webapp-service'],
  });
  return services[0].taskDefinition;
}
