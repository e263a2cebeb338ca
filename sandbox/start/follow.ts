import { setTimeout as pause } from 'node:timers/promises';
import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  ListBuildsForProjectCommand,
} from '@aws-sdk/client-codebuild';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { buildSteps } from './build-steps.ts';
import { createStepView } from './steps.ts';
import type { Terminal } from './terminal.ts';
import { timeline } from './timeline.ts';

/** How often the terminal asks: often enough to look live, seldom enough not to slow what it watches. */
const INTERVAL = 250;
/** So many asks for the execution of a finished build, about a quarter of a minute, before it is given up. */
const MOST_ASKS = 60;

export interface FollowOptions {
  /** Where and as whom: an ordinary SDK client's configuration. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  project: string;
  service: string;
  stateMachine: string;
  terminal: Terminal;
  signal: AbortSignal;
}

export interface Followed {
  build: Build;
  /** Absent where the build failed, or nothing came of it. */
  execution?: DescribeExecutionCommandOutput;
  /** The states that its latest run has been through, without the choices. */
  states?: string[];
}

/** Follows one push after the other, as anybody could with the SDK: the build first, then its deployment. */
export async function* follow(options: FollowOptions): AsyncGenerator<Followed> {
  const codebuild = new CodeBuildClient(options.client);
  const states = new SFNClient(options.client);
  const seen = new Set<string>();
  while (!options.signal.aborted) {
    const { ids } = await codebuild.send(
      new ListBuildsForProjectCommand({ projectName: options.project, sortOrder: 'ASCENDING' }),
    );
    const next = ids?.find((id) => !seen.has(id));
    if (next === undefined) {
      await rest(options.signal);
      continue;
    }
    seen.add(next);
    const build = await followBuild(codebuild, next, options);
    if (build === undefined) return;
    const executionArn =
      build.buildStatus === 'SUCCEEDED' ? await executionOf(states, build, options) : undefined;
    yield executionArn === undefined
      ? { build }
      : { build, ...(await followExecution(states, executionArn, options)) };
  }
}

async function followBuild(
  codebuild: CodeBuildClient,
  id: string,
  { terminal, signal }: FollowOptions,
): Promise<Build | undefined> {
  const view = createStepView(terminal);
  let isNamed = false;
  while (!signal.aborted) {
    const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
    const build = builds?.[0];
    if (build !== undefined && !isNamed) {
      const source = build.sourceVersion ?? 'the default branch';
      terminal.print(
        `\nBuild ${build.buildNumber} of ${source.replace(/^([0-9a-f]{7})[0-9a-f]{33}$/, '$1')}`,
      );
      isNamed = true;
    }
    if (build !== undefined) view.show(buildSteps(build));
    if (build?.buildComplete) return build;
    await rest(signal);
  }
  return undefined;
}

/** The execution that is named after this build: service, commit and number. */
async function executionOf(
  states: SFNClient,
  { resolvedSourceVersion = '', buildNumber }: Build,
  { service, stateMachine, signal, terminal }: FollowOptions,
): Promise<string | undefined> {
  const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
  const stateMachineArn = stateMachines?.find(({ name }) => name === stateMachine)?.stateMachineArn;
  const wanted = `${service}-${resolvedSourceVersion.slice(0, 12)}-${buildNumber}`;
  for (let ask = 0; ask < MOST_ASKS && !signal.aborted; ask += 1) {
    const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }));
    const own = executions?.find(({ name }) => name === wanted);
    if (own !== undefined) {
      terminal.print(`\nDeployment ${wanted}`);
      return own.executionArn;
    }
    await rest(signal);
  }
  return undefined;
}

/** Shows the latest run of an execution, which is its first or that of a redrive, until it is over. */
export async function followExecution(
  states: SFNClient,
  executionArn: string,
  { terminal, signal }: Pick<FollowOptions, 'terminal' | 'signal'>,
): Promise<Omit<Followed, 'build'>> {
  const view = createStepView(terminal);
  while (!signal.aborted) {
    // Described first: the history that is read after the end has the end in it.
    const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
    const steps = timeline(latestRun(await history(states, executionArn)));
    view.show(steps);
    if (execution.status !== 'RUNNING') return { execution, states: steps.map(({ name }) => name) };
    await rest(signal);
  }
  return {};
}

const latestRun = (events: HistoryEvent[]) =>
  events.slice(events.findLastIndex(({ type }) => type === 'ExecutionRedriven') + 1);

async function history(states: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await states.send(
      new GetExecutionHistoryCommand({ executionArn, nextToken, includeExecutionData: false }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

const rest = (signal: AbortSignal) => pause(INTERVAL, undefined, { signal }).catch(() => undefined);
