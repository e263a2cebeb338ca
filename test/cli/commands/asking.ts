import type { Deployment, DeploymentSummary, Service } from '#cli/client/contract.ts';
import { run } from '#cli/run.ts';
import { type Io, processIo } from '#cli/terminal/io.ts';
import { createOutputs } from '../context.ts';
import { begun, idle } from '../fixtures.ts';

/** The command against an API that answers what a test says, and a person who answers its questions. */

const arn = (revision: number) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/webapp:${revision}`;

export const at = '2030-01-31T12:00:00.000Z';

export const deployment = (rest: Partial<Deployment> = {}) =>
  begun(at, {
    steps: [
      { state: 'UpdateService', startedAt: at, endedAt: at, attempts: 1 },
      { state: 'AwaitRollout', startedAt: at, endedAt: null, attempts: 1 },
    ],
    ...rest,
  });

export const holder = (name: string) => ({ deployment: name, execution: `arn:${name}`, since: at });

export const service = (rest: Partial<Service> = {}): Service => ({
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
export async function landfall(
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
