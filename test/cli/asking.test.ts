import { describe, expect, it } from '@jest/globals';
import type { Deployment, DeploymentSummary, Service } from '#cli/client/contract.ts';
import { run } from '#cli/run.ts';
import { type Io, processIo } from '#cli/terminal/io.ts';
import { createOutputs } from './context.ts';
import { begun, idle } from './fixtures.ts';

const arn = (revision: number) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/webapp:${revision}`;
const at = '2030-01-31T12:00:00.000Z';

const deployment = (rest: Partial<Deployment> = {}) =>
  begun(at, {
    steps: [
      { state: 'UpdateService', startedAt: at, endedAt: at, attempts: 1 },
      { state: 'AwaitRollout', startedAt: at, endedAt: null, attempts: 1 },
    ],
    ...rest,
  });
const holder = (name: string) => ({ deployment: name, execution: `arn:${name}`, since: at });

const service = (rest: Partial<Service> = {}): Service => ({
  ...idle,
  running: {
    taskDefinition: arn(7),
    desiredCount: 1,
    runningCount: 1,
    deployments: [],
    events: [],
  },
  lastKnownGood: { deployment: 'webapp-7', taskDefinition: arn(7), commit: 'bbbbbbbbbbbb', at },
  rollbackTo: { deployment: 'webapp-6', taskDefinition: arn(6), commit: 'aaaaaaaaaaaa', at },
  ...rest,
});

/** The command against an installation with one service, for somebody who answers so, or for nobody. */
async function landfall(
  args: string[],
  {
    answer,
    found = service(),
    history = [] as DeploymentSummary[],
    one = deployment(),
  }: {
    answer?: string;
    found?: Service;
    history?: DeploymentSummary[];
    one?: Deployment;
  } = {},
) {
  const { written, out, err } = createOutputs();
  const posted: string[] = [];
  const questions: string[] = [];
  const fetch: Io['fetch'] = async (input, init) => {
    const { pathname, searchParams } = new URL(String(input));
    const path = pathname.split('/abc123').at(-1) ?? '';
    if (init?.method === 'POST') {
      posted.push(path);
      return Response.json({
        service: 'webapp',
        deployment: 'webapp-8',
        execution: 'arn:8',
        correlationId: 'x',
      });
    }
    if (path === '/services') return Response.json({ services: [found] });
    if (path === '/services/webapp') return Response.json(found);
    if (path !== '/services/webapp/deployments') return Response.json(one);
    const from = Number(searchParams.get('cursor') ?? 0);
    const to = from + Number(searchParams.get('limit'));
    const nextCursor = to < history.length ? String(to) : null;
    return Response.json({ deployments: history.slice(from, to), nextCursor });
  };
  const io: Io = {
    ...processIo,
    env: {},
    fetch: (input, init) =>
      String(input).endsWith('/_landfall/health')
        ? Promise.resolve(
            Response.json({
              landfall: 'sandbox',
              status: 'ready',
              region: 'us-east-1',
              credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
              api: 'http://127.0.0.1:4566/_api/abc123',
            }),
          )
        : fetch(input, init),
    out,
    err,
    ask:
      answer === undefined
        ? undefined
        : async (question) => {
            questions.push(question);
            return answer;
          },
  };
  const exitCode = await run(args, io);
  return { exitCode, ...written, posted, questions };
}

describe('landfall abort', () => {
  const busy = service({ claim: holder('webapp-8') });

  it('asks before it stops what was not named, and does nothing without a yes', async () => {
    const no = await landfall(['abort'], { answer: '', found: busy });
    const yes = await landfall(['abort'], { answer: 'y', found: busy });

    expect(no.questions).toEqual(['Stop webapp-8 in AwaitRollout? [y/N] ']);
    expect(no).toMatchObject({ exitCode: 1, posted: [], err: expect.stringContaining('NotConfirmed') });
    expect(yes).toMatchObject({ exitCode: 0, posted: ['/services/webapp/deployments/webapp-8/abort'] });
  });

  it.each<[string, string[], { answer?: string }]>([
    ['the deployment is named', ['abort', 'webapp-8'], { answer: '' }],
    ['it is told --yes', ['abort', '--yes'], { answer: '' }],
    ['--json is asked for', ['abort', '--json'], { answer: '' }],
    ['nobody sits there', ['abort'], {}],
  ])('asks nobody where %s', async (_, args, options) => {
    expect(await landfall(args, { ...options, found: busy })).toMatchObject({
      exitCode: 0,
      questions: [],
      posted: [expect.any(String)],
    });
  });

  it('says where it stopped, and the ways back and on', async () => {
    const { err } = await landfall(['abort'], { found: busy });

    expect(err.split('\n').slice(1).join('\n')).toBe(`\
Stopped in AwaitRollout. It is not rolled back: ECS goes on with what it was told.
  lead it back:   landfall rollback webapp
  go on with it:  landfall redrive webapp-8
  see what runs:  landfall status webapp
`);
  });

  it('does not offer a way back that ECS is on already', async () => {
    const states = ['UpdateService', 'AwaitRollout', 'RollBackService', 'AwaitRollback'];
    const one = deployment({
      steps: states.map((state) => ({ state, startedAt: at, endedAt: at, attempts: 1 })),
    });
    const { err } = await landfall(['abort'], { found: busy, one });

    expect(err).toContain(
      'Stopped in AwaitRollback. ECS goes on with the way back that it was told.\n  go on',
    );
  });

  it('says who starts now, and that nothing was touched', async () => {
    const found = service({ claim: holder('webapp-8'), waiter: holder('webapp-9') });
    const one = deployment({
      steps: [{ state: 'VerifyRelease', startedAt: at, endedAt: null, attempts: 1 }],
    });
    const { err } = await landfall(['abort'], { found, one });

    expect(err.split('\n').slice(1).join('\n')).toBe(`\
Stopped in VerifyRelease. The service was not touched.
webapp-9, which waited, starts now.
  watch it:       landfall watch webapp-9
  see what runs:  landfall status webapp
`);
  });
});

describe('landfall rollback', () => {
  const words = 'rolls back webapp from webapp:7 (commit bbbbbbb) to webapp:6 (commit aaaaaaa)';

  it('says from what to what before it starts, and asks', async () => {
    const no = await landfall(['rollback'], { answer: 'n' });
    const yes = await landfall(['rollback'], { answer: 'yes' });

    expect(no).toMatchObject({ exitCode: 1, posted: [], err: expect.stringContaining(words) });
    expect(yes).toMatchObject({ exitCode: 0, posted: ['/services/webapp/rollback'] });
  });

  it('does not ask for a release that was named, but says which', async () => {
    const { questions, posted, err } = await landfall(['rollback', '--to', 'webapp-5'], { answer: '' });

    expect({ questions, posted }).toEqual({ questions: [], posted: ['/services/webapp/rollback'] });
    expect(err).toContain('rolls back webapp from webapp:7 (commit bbbbbbb) to the release of webapp-5\n');
  });
});

describe('landfall history', () => {
  const { steps: _, failure: __, runs: ___, ...summary } = deployment();
  const history = Array.from({ length: 250 }, (_, index) => ({
    ...summary,
    deployment: `webapp-${index}`,
    status: index % 100 === 99 ? ('FAILED' as const) : ('SUCCEEDED' as const),
    commit: index === 120 ? 'abcdef0123' : '0000000000',
    redriveCount: index === 199 ? 2 : 0,
  }));
  const listed = async (...args: string[]) => {
    const { deployments, nextCursor } = JSON.parse(
      (await landfall(['history', '--json', ...args], { history })).out,
    );
    return { names: deployments.map((each: DeploymentSummary) => each.deployment), nextCursor };
  };

  it('finds what failed, and the deployments of a commit, however far back', async () => {
    expect(await listed('--failed')).toEqual({ names: ['webapp-99', 'webapp-199'], nextCursor: null });
    expect(await listed('--failed', '-n', '1')).toEqual({ names: ['webapp-99'], nextCursor: null });
    expect(await listed('--commit', 'ABCDEF0')).toEqual({ names: ['webapp-120'], nextCursor: null });
  });

  it('goes on behind a cursor without them', async () => {
    expect(await listed('-n', '2')).toEqual({ names: ['webapp-0', 'webapp-1'], nextCursor: '2' });
  });

  it('marks what was redriven', async () => {
    const { out } = await landfall(['history', '--failed'], { history });

    expect(out).toMatch(/webapp-199 {2}FAILED ↻2 {2}/);
  });
});
