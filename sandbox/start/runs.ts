import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  type SFNClientConfig,
} from '@aws-sdk/client-sfn';
import type { Screen, Section } from './screen.ts';
import { timeline } from './timeline.ts';

/** One run of a deployment: its first, or that of a redrive. */
interface Run {
  executionArn: string;
  redriveCount: number;
  section?: Section;
}

/** A run that has ended. */
export interface Ended {
  execution: DescribeExecutionCommandOutput;
  /** The states that this run has been through, without the choices. */
  states: string[];
}

/**
 * Looks at all executions of a state machine, whoever has started or re-driven them; each look shows what has changed
 * and answers the runs that have ended since.
 */
export function createRunWatch(client: SFNClientConfig, stateMachine: string, screen: Screen) {
  const sfn = new SFNClient(client);
  /** How many runs of each execution have been seen, by its name. */
  const seen = new Map<string, number>();
  let open: Run[] = [];
  let stateMachineArn: string | undefined;

  return {
    hasSeen: (execution: string) => seen.has(execution),
    async look(): Promise<Ended[]> {
      open.push(...(await begun()));
      const ended: Ended[] = [];
      const over = new Set<Run>();
      for (const run of open) {
        const { execution, states, isOver } = await show(run);
        if (!isOver) continue;
        over.add(run);
        // How an earlier run went is not what the execution says once it was re-driven.
        if (execution.redriveCount === run.redriveCount) ended.push({ execution, states });
      }
      open = open.filter((run) => !over.has(run));
      return ended;
    },
  };

  async function begun(): Promise<Run[]> {
    stateMachineArn ??= await find();
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }),
    );
    return executions.toReversed().flatMap(({ executionArn = '', name = '', redriveCount = 0 }) => {
      const first = seen.get(name) ?? 0;
      seen.set(name, redriveCount + 1);
      const count = redriveCount + 1 - first;
      return Array.from({ length: count }, (_, index) => ({ executionArn, redriveCount: first + index }));
    });
  }

  async function find(): Promise<string | undefined> {
    const { stateMachines } = await sfn.send(new ListStateMachinesCommand({}));
    return stateMachines?.find(({ name }) => name === stateMachine)?.stateMachineArn;
  }

  async function show(run: Run) {
    const { executionArn, redriveCount } = run;
    // Described first: the history that is read after the end has the end in it.
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const steps = timeline(eventsOf(await history(executionArn), redriveCount));
    run.section ??= screen.section(titleOf(execution, redriveCount));
    run.section.show(steps);
    const isOver =
      execution.redriveCount !== redriveCount ||
      !['RUNNING', 'PENDING_REDRIVE'].includes(execution.status ?? '');
    if (isOver) run.section.close();
    return { execution, isOver, states: steps.map(({ name }) => name) };
  }

  async function history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn, nextToken, includeExecutionData: false }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return events;
  }
}

/** The events of one run: a redrive begins the next. */
function eventsOf(events: HistoryEvent[], redriveCount: number): HistoryEvent[] {
  let run = 0;
  return events.filter(({ type }) => {
    if (type === 'ExecutionRedriven') run += 1;
    return run === redriveCount;
  });
}

function titleOf({ name, input = '{}' }: DescribeExecutionCommandOutput, redriveCount: number): string {
  const kind: string = JSON.parse(input).trigger?.kind ?? 'push';
  return [
    `Deployment ${name}`,
    ...(kind === 'push' ? [] : [`(${kind})`]),
    ...(redriveCount === 0 ? [] : [`redrive ${redriveCount}`]),
  ].join(' ');
}
