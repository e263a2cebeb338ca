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
  lastLines,
  mergeLines,
} from '#lib/deployment/record/logs.ts';
import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { streamOf } from './task-logs.ts';

const tasks = createTasks();
const taskDefinitions = createTaskDefinitions();
const streams = createLogStreams(warn);

/** Where a reader has come to: by stream (a digest of its name) where its next page begins. */
export const LogPosition = z.record(z.string().max(16), z.string().min(1).max(256));
export type LogPosition = z.infer<typeof LogPosition>;

type Settings = Pick<ServiceSettings, 'cluster' | 'service' | 'logGroup'>;
type Query = LogFilter & { limit: number };
type Answer = LogReading & { next: LogPosition };

/**
 * A cursor is part of an address, of 1,024 characters at most: room for ten streams, with CloudWatch Logs' tokens of sixty
 * characters. Those that have gone out of sight are remembered as far as there is some left.
 */
const MOST_BYTES = 750;

/**
 * Without `position` the last lines of the deployment's containers, `limit` of them; with it what has been written
 * since, a fair share of `limit` of each container.
 */
export const readDeploymentLogs = (
  record: DeploymentRecord,
  settings: Settings,
  query: Query,
  position?: LogPosition,
): Promise<Answer> =>
  position === undefined ? readTail(record, settings, query) : readOn(record, settings, query, position);

/** The last lines of all containers, `limit` of them; among them what the record keeps of one that ECS has forgotten. */
async function readTail(
  record: DeploymentRecord,
  settings: Settings,
  { limit, ...filter }: Query,
): Promise<Answer> {
  const { sources, isTruncated, observed } = await findSources(record, settings, filter);
  const readings = await Promise.all(sources.map((source) => readSource(source, () => 'tail', limit)));
  const kept = keptLinesOf(record, observed, filter);
  return {
    lines: lastLines([kept?.lines ?? [], ...readings.map(({ lines }) => lines)], limit),
    sources: [
      ...(kept === undefined ? [] : [forgottenSourceOf(kept)]),
      ...readings.map(({ source }) => source),
    ],
    isTruncated,
    hasMore: false,
    next: remember(
      {},
      readings.flatMap(({ next }) => next),
    ),
  };
}

/** What has been written since `position`: of each container its share of `limit`, so that none is read past. */
async function readOn(
  record: DeploymentRecord,
  settings: Settings,
  { limit, ...filter }: Query,
  position: LogPosition,
): Promise<Answer> {
  const { sources, isTruncated } = await findSources(record, settings, filter);
  const share = Math.max(1, Math.floor(limit / Math.max(1, sources.length)));
  const startOf = (stream: LogStream) => startAfter(position, stream);
  const readings = await Promise.all(sources.map((source) => readSource(source, startOf, share)));
  return {
    lines: mergeLines(readings.map(({ lines }) => lines)),
    sources: readings.map(({ source }) => source),
    isTruncated,
    hasMore: readings.some(({ isFull }) => isFull),
    next: remember(
      position,
      readings.flatMap(({ next }) => next),
    ),
  };
}

/** A container, and the stream that it writes its log to. */
interface Source extends LogContainer {
  stream: LogStream | { problem: string };
}

/** What was read of a source. */
interface SourceLines {
  source: LogSourceReading;
  lines: LogLine[];
  /** There may be more lines already. */
  isFull: boolean;
  /** By the stream's key where its next page begins; none where nothing could be read. */
  next: (readonly [string, string])[];
}

const shown = async (...query: Parameters<Tasks['show']>): Promise<Task[]> =>
  (await tasks.show(...query)).tasks;

/** The deployment's containers with their streams, and all tasks that ECS still shows. */
async function findSources(
  record: DeploymentRecord,
  { cluster, service, logGroup }: Settings,
  filter: LogFilter,
): Promise<{ sources: Source[]; isTruncated: boolean; observed: TaskObservation[] }> {
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
  const sources = chosen.map((each) => {
    const { taskArn, taskDefinition = '' } = each.task;
    const definition = definitions.get(taskDefinition);
    return { ...each, stream: streamOf(raw.get(taskArn) ?? {}, each.container, definition, logGroup) };
  });
  return { sources, isTruncated, observed: [...observed.service, ...observed.migrations] };
}

async function describeAll(containers: LogContainer[]): Promise<Map<string, TaskDefinition | undefined>> {
  const arns = [...new Set(containers.map(({ task }) => task.taskDefinition ?? ''))];
  return new Map(
    await Promise.all(arns.map(async (arn) => [arn, await taskDefinitions.describe(arn)] as const)),
  );
}

/** Up to `limit` lines of a source, from where its stream is to be read. */
async function readSource(
  { task: { taskArn, lastStatus }, container, isMigration, stream }: Source,
  startOf: (stream: LogStream) => LogStart,
  limit: number,
): Promise<SourceLines> {
  const source = { taskArn, container, isMigration, lastStatus, stream: null, problem: null };
  if ('problem' in stream) return { source: { ...source, ...stream }, lines: [], isFull: false, next: [] };
  const { events, next, problem } = await readStream(stream, startOf(stream), limit);
  const silence = next === undefined ? 'it has not written anything yet' : null;
  return {
    source: { ...source, stream, problem: problem ?? silence },
    lines: events.map((event) => ({ ...event, taskArn, container })),
    isFull: events.length >= limit,
    next: next === undefined ? [] : [[keyOf(stream), next]],
  };
}

async function readStream(
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

/** A stream that was not there when the reader began is read from its beginning. */
function startAfter(position: LogPosition, stream: LogStream): LogStart {
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
