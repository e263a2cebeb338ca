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
import { renderStateLine, timeline } from './timeline.ts';

/** How often the terminal asks: often enough to look live, seldom enough not to slow what it watches. */
const INTERVAL = 300;

export interface FollowOptions {
  /** Where and as whom: an ordinary SDK client's configuration. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  project: string;
  stateMachine: string;
  print(line: string): void;
  signal: AbortSignal;
}

export interface Followed {
  build: Build;
  execution?: DescribeExecutionCommandOutput;
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
    if (build.buildStatus !== 'SUCCEEDED') {
      yield { build };
      continue;
    }
    const execution = await followExecution(states, build, options);
    if (execution === undefined) return;
    yield { build, execution };
  }
}

async function followBuild(
  codebuild: CodeBuildClient,
  id: string,
  { print, signal }: FollowOptions,
): Promise<Build | undefined> {
  let printed = false;
  while (!signal.aborted) {
    const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
    const build = builds?.[0];
    if (build !== undefined && !printed) {
      print(`\nbuild ${build.id} of ${build.sourceVersion ?? 'the default branch'}`);
      printed = true;
    }
    if (build?.buildComplete) {
      for (const phase of build.phases ?? []) {
        if ((phase.durationInSeconds ?? 0) === 0 && phase.phaseStatus === 'SUCCEEDED') continue;
        if (phase.phaseStatus === undefined) continue;
        const why = phase.contexts
          ?.map((context) => context.message)
          .filter(Boolean)
          .join(', ');
        print(
          `  ${(phase.phaseType ?? '').padEnd(24)}${String(phase.durationInSeconds ?? 0).padStart(4)}   s  ${phase.phaseStatus}${why ? `: ${why}` : ''}`,
        );
      }
      return build;
    }
    await rest(signal);
  }
  return undefined;
}

/** The execution that this build's commit and number name. */
async function followExecution(
  states: SFNClient,
  build: Build,
  options: FollowOptions,
): Promise<DescribeExecutionCommandOutput | undefined> {
  const { print, signal } = options;
  const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
  const stateMachineArn = stateMachines?.find((each) => each.name === options.stateMachine)?.stateMachineArn;
  let executionArn: string | undefined;
  let printed = 0;
  while (!signal.aborted) {
    if (executionArn === undefined) {
      const { executions } = await states.send(
        new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }),
      );
      const own = executions?.find((each) => each.name?.endsWith(`-${build.buildNumber}`));
      executionArn = own?.executionArn;
      if (own !== undefined) print(`\ndeployment ${own.name}`);
    } else {
      const described = await states.send(new DescribeExecutionCommand({ executionArn }));
      const lines = timeline(await history(states, executionArn));
      for (const line of lines.slice(printed)) print(renderStateLine(line));
      printed = lines.length;
      if (described.status !== 'RUNNING') return described;
    }
    await rest(signal);
  }
  return undefined;
}

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
