import type { LogStream } from '#lib/deployment/log-stream.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import { type DeploymentRecord, loggedFailureOf } from './record.ts';

/** A container whose log belongs to a deployment. */
export interface LogContainer {
  task: TaskObservation;
  isMigration: boolean;
  container: string;
}

/** Which of a deployment's containers are asked for; all without either. */
export interface LogFilter {
  container?: string | undefined;
  migration?: boolean | undefined;
}

export interface LogLine {
  /** Epoch milliseconds. Absent where only the record has the line. */
  at?: number;
  taskArn: string;
  container: string;
  message: string;
}

/** A container of the deployment, and what became of reading its log. */
export interface LogSourceReading {
  taskArn: string;
  container: string;
  isMigration: boolean;
  /** null: ECS has forgotten the task. */
  lastStatus: string | null;
  stream: LogStream | null;
  /** Why there are no lines of it. */
  problem: string | null;
}

export interface LogReading {
  lines: LogLine[];
  sources: LogSourceReading[];
  /** There are more containers than are read. */
  isTruncated: boolean;
  /** There are more lines already. */
  hasMore: boolean;
}

/** Each is a call to CloudWatch Logs, which answers ten to twenty-five a second. */
const MOST_CONTAINERS = 10;

/** Of a line. An answer of a thousand lines has to fit the 6 MB that a function may answer. */
const MOST_BYTES = 4_000;

/**
 * The containers of a deployment, the newest tasks first: its migration's, those that run, those that have stopped.
 *
 * No record says which tasks are a deployment's, but the tasks do. A revision is known by its ARN once it is live, and
 * then all the service's tasks of it count; until then, and of a deployment that failed, by the image's digest, which
 * Landfall pins, and by the time: while one deployment is under way no other one starts tasks. So it is with migrations,
 * whose startedBy is the same for all of a service.
 */
export function containersOf(
  record: DeploymentRecord,
  tasks: { service: TaskObservation[]; migrations: TaskObservation[] },
  filter: LogFilter,
): { chosen: LogContainer[]; isTruncated: boolean } {
  const { startedAt, endedAt = Number.POSITIVE_INFINITY, taskDefinition, digest } = record;
  const isOfRelease = (task: TaskObservation) =>
    taskDefinition === undefined
      ? task.containers.some(({ image }) => image?.endsWith(`@${digest}`))
      : task.taskDefinition === taskDefinition;
  const isOfTime = ({ createdAt = 0 }: TaskObservation) => createdAt >= startedAt && createdAt <= endedAt;
  const service = tasks.service.filter(
    (task) => isOfRelease(task) && (taskDefinition !== undefined || isOfTime(task)),
  );
  const isStopped = ({ lastStatus }: TaskObservation) => lastStatus === 'STOPPED';
  const found = [
    ...containersIn(
      tasks.migrations.filter((task) => isOfRelease(task) && isOfTime(task)),
      true,
    ),
    ...(filter.migration === true
      ? []
      : [
          ...containersIn(
            service.filter((task) => !isStopped(task)),
            false,
          ),
          ...containersIn(service.filter(isStopped), false),
        ]),
  ].filter(({ container }) => filter.container === undefined || container === filter.container);
  return { chosen: found.slice(0, MOST_CONTAINERS), isTruncated: found.length > MOST_CONTAINERS };
}

const containersIn = (tasks: TaskObservation[], isMigration: boolean): LogContainer[] =>
  tasks
    .toSorted((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0))
    .flatMap((task) => task.containers.map(({ name }) => ({ task, isMigration, container: name })));

/** Lines of several containers in the order of time, each container's in its own order. */
export const mergeLines = (parts: LogLine[][]): LogLine[] => sortByTime(parts).map(cutMessage);

/** The same, but only the last ones, so many. */
export const lastLines = (parts: LogLine[][], limit: number): LogLine[] =>
  sortByTime(parts).slice(-limit).map(cutMessage);

const sortByTime = (parts: LogLine[][]) =>
  parts.flat().toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0));

const cutMessage = (line: LogLine): LogLine => ({ ...line, message: cut(line.message) });

function cut(message: string): string {
  if (Buffer.byteLength(message) <= MOST_BYTES) return message;
  // A character that is cut in two ends as the replacement character.
  return `${Buffer.from(message)
    .subarray(0, MOST_BYTES)
    .toString()
    .replace(/\uFFFD$/, '')}…`;
}

/**
 * The lines that the record keeps of the container which failed, once ECS has forgotten its task: an hour after it
 * stopped nothing says any more which stream they are in.
 */
export function keptLinesOf(
  record: DeploymentRecord,
  shown: TaskObservation[],
  filter: LogFilter,
): { isMigration: boolean; taskArn: string; container: string; lines: LogLine[] } | undefined {
  const failure = loggedFailureOf(record);
  const { taskArn, container, logTail = [] } = failure?.detail ?? {};
  if (failure === undefined || taskArn === undefined || container === undefined) return undefined;
  const isMigration = failure.state.includes('Migration');
  const isWanted =
    (filter.container === undefined || filter.container === container) &&
    (filter.migration !== true || isMigration);
  if (!isWanted || shown.some((task) => task.taskArn === taskArn)) return undefined;
  return {
    isMigration,
    taskArn,
    container,
    lines: logTail.map((message) => ({ taskArn, container, message })),
  };
}
