import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { quickDurations } from '#sandbox/durations.ts';
import { readPackaged } from '#sandbox/packaging/package.ts';
import { type Sandbox, startSandbox } from '#sandbox/sandbox.ts';
import { createCheckout } from '#sandbox/start/push.ts';
import { pathOf } from './paths.ts';

/** The packaged application in a sandbox, a checkout of examples/webapp to push from, and what tests ask of them. */
export interface Pipeline {
  sandbox: Sandbox;
  call: Sandbox['services']['calls']['call'];
  /** Writes the files (null deletes one) into the checkout, commits and pushes; returns the commit. */
  push(message: string, files?: Record<string, string | null>): Promise<string>;
  read(file: string): string;
  /** The execution that deploys this commit, once it has ended. */
  deployed(commit: string): Promise<Ended>;
  ended(executionArn: string): Promise<Ended>;
  /** The build of this commit, once it is over. */
  built(commit: string): Promise<{ id: string; buildStatus: string }>;
  /** The service's item in the table. */
  state(): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export interface Ended {
  executionArn: string;
  status: string;
  error?: string;
  cause?: string;
  /** The states in the order in which they were entered. */
  path: string[];
  events: HistoryEvent[];
}

const STATE_MACHINE = 'landfall-dev';

export async function startPipeline(): Promise<Pipeline> {
  const sandbox = await startSandbox({ ...quickDurations, application: readPackaged(process.cwd()) });
  const { call } = sandbox.services.calls;
  const remote = (await sandbox.services.git.repository('webapp')).url;
  const checkout = await createCheckout(
    join('examples', 'webapp'),
    join(sandbox.context.directory, 'checkout'),
    remote,
  );

  const pipeline: Pipeline = {
    sandbox,
    call,
    push: checkout.push,
    read: checkout.read,
    async deployed(commit) {
      const { executionArn } = await until(`a deployment of ${commit}`, async () => {
        const { executions } = await call('states', 'ListExecutions', {
          stateMachineArn: stateMachineArn(sandbox),
        });
        return executions.find((each: { name: string }) => each.name.includes(commit.slice(0, 12)));
      });
      return pipeline.ended(executionArn);
    },
    async ended(executionArn) {
      const { status, error, cause } = await until(`the end of ${executionArn}`, async () => {
        const execution = await call('states', 'DescribeExecution', { executionArn });
        return execution.status === 'RUNNING' ? undefined : execution;
      });
      const { events } = await call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 });
      return { executionArn, status, error, cause, events, path: pathOf(events) };
    },
    built: (commit) =>
      until(`a build of ${commit}`, async () => {
        const { ids } = await call('codebuild', 'ListBuildsForProject', {
          projectName: 'landfall-dev-webapp',
        });
        if (ids.length === 0) return undefined;
        const { builds } = await call('codebuild', 'BatchGetBuilds', { ids });
        return builds.find(
          (each: { buildComplete: boolean; sourceVersion: string }) =>
            each.buildComplete && each.sourceVersion === commit,
        );
      }),
    async state() {
      const { Item } = await call('dynamodb', 'GetItem', {
        TableName: STATE_MACHINE,
        Key: { pk: { S: 'SERVICE#webapp' }, sk: { S: 'STATE' } },
        ConsistentRead: true,
      });
      return Item ?? {};
    },
    stop: sandbox.stop,
  };
  return pipeline;
}

const stateMachineArn = ({ context }: Sandbox) =>
  `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${STATE_MACHINE}`;

/** Asks until there is an answer. The test's own timeout is the bound; the question is named when it runs into it. */
export async function until<T>(
  what: string,
  question: () => Promise<T | undefined | false>,
  seconds = 50,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    const answer = await question();
    if (answer !== undefined && answer !== false) return answer;
    await pause(50);
  }
  throw new Error(`${what} did not come within ${seconds} seconds`);
}
