import { createHash } from 'node:crypto';
import * as z from 'zod';
import { createTaskDefinitions, type TaskDefinition } from '#lib/aws/ecs/task-definitions.ts';
import { createTasks, observeTask, type Task, type Tasks } from '#lib/aws/ecs/tasks.ts';
import { createLogStreams, type LogPage, type LogStart } from '#lib/aws/log-streams.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import { warn } from '#lib/aws/sdk/logger.ts';
import type { LogStream } from '#lib/deployment/log-stream.ts';
import { migrationStartedByOf } from '#lib/deployment/naming.ts';
import {
  containersOf,
  keptLinesOf,
  type LogContainer,
  type LogFilter,
  type LogLine,
  type LogReading,
  type LogSourceReading,
  mergeLines,
} from '#lib/deployment/record/logs.ts';
import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { streamOf } from './task-logs.ts';

const tasks = createTasks();
const taskDefinitions = createTaskDefinitions();
const streams = createLogStreams(warn);

/** Where a reader has come to: by stream (a digest of its name) where its next page begins. */
export const LogPosition = z.record(z.string().max(16), z.string().min(1).max(256));
export type LogPosition = z.infer<typeof LogPosition>;

/**
 * A cursor is part of an address, of 1,024 characters at most: room for ten streams, with CloudWatch Logs' tokens of sixty
 * characters. Those that have gone out of sight are remembered as far as there is some left.
 */
const MOST_BYTES = 750;

/**
 * Without `position` the last lines of the deployment's containers, `limit` of them; with it what has been written
 * since, a fair share of `limit` of each container.
 */
export async function readDeploymentLogs(
  record: DeploymentRecord,
  { cluster, service, logGroup }: Pick<ServiceSettings, 'cluster' | 'service' | 'logGroup'>,
  { limit, ...filter }: LogFilter & { limit: number },
  position?: LogPosition,
): Promise<LogReading & { next: LogPosition }> {
  const [ofService, migrations] = await Promise.all([
    shown(cluster, { serviceName: service }),
    shown(cluster, { startedBy: migrationStartedByOf(record.service) }),
  ]);
  const raw = new Map([...ofService, ...migrations].map((task) => [task.taskArn ?? '', task]));
  const observed = {
    service: ofService.map((task) => observeTask(task)),
    migrations: migrations.map((task) => observeTask(task)),
  };
  const { chosen, isTruncated } = containersOf(record, observed, filter);
  const definitions = await describeAll(chosen);
  const share = position === undefined ? limit : Math.max(1, Math.floor(limit / Math.max(1, chosen.length)));

  const readings = await Promise.all(
    chosen.map(async ({ task: { taskArn, lastStatus, taskDefinition = '' }, container, isMigration }) => {
      const source = { taskArn, container, isMigration, lastStatus, stream: null, problem: null };
      const stream = streamOf(raw.get(taskArn) ?? {}, container, definitions.get(taskDefinition), logGroup);
      if ('problem' in stream)
        return { source: { ...source, ...stream }, lines: [], isFull: false, next: [] };
      const { events, next, problem } = await readPage(stream, startOf(stream, position), share);
      const silence = next === undefined ? 'it has not written anything yet' : null;
      return {
        source: { ...source, stream, problem: problem ?? silence },
        lines: events.map((event): LogLine => ({ ...event, taskArn, container })),
        isFull: events.length >= share,
        next: next === undefined ? [] : [[keyOf(stream), next] as const],
      };
    }),
  );

  const kept =
    position === undefined
      ? keptLinesOf(record, [...observed.service, ...observed.migrations], filter)
      : undefined;
  const nexts = readings.flatMap(({ next }) => next);
  return {
    lines: mergeLines(
      [kept?.lines ?? [], ...readings.map(({ lines }) => lines)],
      limit,
      position === undefined,
    ),
    sources: [
      ...(kept === undefined ? [] : [forgottenSourceOf(kept)]),
      ...readings.map(({ source }) => source),
    ],
    isTruncated,
    hasMore: position !== undefined && readings.some(({ isFull }) => isFull),
    next: remember(position ?? {}, nexts),
  };
}

const shown = async (...query: Parameters<Tasks['show']>): Promise<Task[]> =>
  (await tasks.show(...query)).tasks;

async function readPage(
  stream: LogStream,
  start: LogStart,
  limit: number,
): Promise<LogPage & { problem?: string }> {
  try {
    return await streams.read(stream, start, limit);
  } catch (error) {
    if (!hasName(error, 'AccessDeniedException')) throw error;
    const problem = `${stream.logGroupName} may not be read: name it as logGroup in services.yml`;
    return { events: [], problem };
  }
}

async function describeAll(containers: LogContainer[]): Promise<Map<string, TaskDefinition | undefined>> {
  const arns = [...new Set(containers.map(({ task }) => task.taskDefinition ?? ''))];
  return new Map(
    await Promise.all(arns.map(async (arn) => [arn, await taskDefinitions.describe(arn)] as const)),
  );
}

/** A stream that was not there when the reader began is read from its beginning. */
function startOf(stream: LogStream, position: LogPosition | undefined): LogStart {
  if (position === undefined) return 'tail';
  const after = position[keyOf(stream)];
  return after === undefined ? 'head' : { after };
}

const keyOf = ({ logGroupName, logStreamName }: LogStream) =>
  createHash('sha256').update(`${logGroupName}\n${logStreamName}`).digest('base64url').slice(0, 6);

export function remember(before: LogPosition, nexts: (readonly [string, string])[]): LogPosition {
  const known = new Set(nexts.map(([key]) => key));
  const others = Object.entries(before).filter(([key]) => !known.has(key));
  const all = [...nexts, ...others];
  while (JSON.stringify(Object.fromEntries(all)).length > MOST_BYTES) all.pop();
  return Object.fromEntries(all);
}

const forgottenSourceOf = ({
  isMigration,
  taskArn,
  container,
}: NonNullable<ReturnType<typeof keptLinesOf>>): LogSourceReading => ({
  taskArn,
  container,
  isMigration,
  lastStatus: null,
  stream: null,
  problem: null,
});
