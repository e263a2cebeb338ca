import {
  type Container,
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { ActingCall } from '#lib/aws/sdk/acting-call.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { UnfinishedMigration } from '#lib/deployment/rollout/migration.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import { ecsClient } from './client.ts';
import { createTaskDefinitions } from './task-definitions.ts';

export type { Task };
export type RunTaskInput = RunTaskCommandInput;

/** Of one service. More are not looked at: each hundred costs two calls a look. */
const MOST_TASKS = 1_000;

/** One page of a listing, and one DescribeTasks. */
const PAGE = 100;

/** What ListTasks answers where there can be no tasks. */
const GONE = ['ClusterNotFoundException', 'ServiceNotFoundException', 'ServiceNotActiveException'];

export interface Tasks {
  /** One task with its essential containers marked; undefined when ECS does not show it. */
  describe(cluster: string, taskArn: string): Promise<TaskObservation | undefined>;
  /** The same as ECS returns it. */
  find(cluster: string, taskArn: string): Promise<Task | undefined>;
  /** Tasks of a service that have stopped, as long as ECS shows them (about an hour), or are about to. */
  stoppedOf(cluster: string, service: string): Promise<TaskObservation[]>;
  /** Tasks with this startedBy that have not stopped yet, also those that are about to. */
  unfinishedOf(cluster: string, startedBy: string): Promise<UnfinishedMigration[]>;
  /** Starts one task. Fails with MigrationNotStarted when ECS answers failures[] instead. */
  run(input: RunTaskInput, call: ActingCall): Promise<string>;
  stop(cluster: string, taskArn: string, reason: string): Promise<void>;
  /**
   * What ECS shows of these tasks, running, about to stop and stopped, as ECS returns them: of each of the two lists that
   * it keeps one page, up to a hundred. `isComplete`: all that are to run are on it.
   */
  show(
    cluster: string,
    query: { serviceName: string } | { startedBy: string },
  ): Promise<{ tasks: Task[]; isComplete: boolean }>;
  /** Running tasks of one ECS deployment, as ECS returns them: addresses and ports are in there. */
  runningOf(cluster: string, service: string, deploymentId: string): Promise<Task[]>;
}

export function createTasks(ecs: ECSClient = ecsClient()): Tasks {
  const taskDefinitions = createTaskDefinitions(ecs);

  async function describeAll(cluster: string, tasks: string[]): Promise<Task[]> {
    const found: Task[] = [];
    for (let start = 0; start < tasks.length; start += PAGE) {
      const answer = await ecs.send(
        new DescribeTasksCommand({ cluster, tasks: tasks.slice(start, start + PAGE) }),
      );
      found.push(...(answer.tasks ?? []));
    }
    return found;
  }

  /** Nothing runs of a service that is gone, or on a cluster that is not there. */
  async function list(
    cluster: string,
    query: { serviceName?: string; startedBy?: string; desiredStatus: 'RUNNING' | 'STOPPED' },
    most = MOST_TASKS,
  ): Promise<string[]> {
    const found: string[] = [];
    try {
      for await (const page of paginateListTasks({ client: ecs, pageSize: PAGE }, { cluster, ...query })) {
        found.push(...(page.taskArns ?? []));
        if (found.length >= most) break;
      }
    } catch (error) {
      if (!hasName(error, ...GONE)) throw error;
    }
    return found;
  }

  const find: Tasks['find'] = async (cluster, taskArn) => (await describeAll(cluster, [taskArn]))[0];

  return {
    find,

    async describe(cluster, taskArn) {
      const task = await find(cluster, taskArn);
      if (task === undefined) return undefined;
      const definition = await taskDefinitions.describe(task.taskDefinitionArn ?? '');
      const inessential = new Set(
        (definition?.containerDefinitions ?? [])
          .filter((each) => each.essential === false)
          .map((each) => each.name),
      );
      return observeTask(task, (container) => !inessential.has(container.name));
    },

    async stoppedOf(cluster, service) {
      const arns = await list(cluster, { serviceName: service, desiredStatus: 'STOPPED' });
      const tasks = arns.length === 0 ? [] : await describeAll(cluster, arns);
      return tasks.map((task) => observeTask(task));
    },

    async unfinishedOf(cluster, startedBy) {
      const running = await list(cluster, { startedBy, desiredStatus: 'RUNNING' });
      const stopping = await list(cluster, { startedBy, desiredStatus: 'STOPPED' });
      return (await describeAll(cluster, [...running, ...stopping]))
        .filter((task) => task.lastStatus !== 'STOPPED')
        .map((task) => ({
          taskArn: task.taskArn ?? '',
          taskDefinition: task.taskDefinitionArn ?? '',
          startedAt: task.createdAt?.getTime() ?? 0,
        }));
    },

    async run(input, call) {
      const command = call.watch(new RunTaskCommand(input));
      const { tasks, failures } = await ecs.send(command, call.options).catch(adoptConflicting);
      const taskArn = tasks?.[0]?.taskArn;
      if (taskArn !== undefined) return taskArn;
      const reasons = (failures ?? []).map((each) =>
        [each.reason, each.detail, each.arn].filter(Boolean).join(' '),
      );
      throw new DeploymentError(
        'MigrationNotStarted',
        reasons.join(', ') || 'RunTask returned neither task nor failure',
      );
    },

    async stop(cluster, task, reason) {
      await ecs.send(new StopTaskCommand({ cluster, task, reason }));
    },

    async show(cluster, query) {
      const [running, stopped] = await Promise.all([
        list(cluster, { ...query, desiredStatus: 'RUNNING' }, PAGE),
        list(cluster, { ...query, desiredStatus: 'STOPPED' }, PAGE),
      ]);
      // A task that stops between the two listings is on both.
      const arns = [...new Set([...running, ...stopped])];
      return { tasks: await describeAll(cluster, arns), isComplete: running.length < PAGE };
    },

    async runningOf(cluster, service, deploymentId) {
      const arns = await list(cluster, { serviceName: service, desiredStatus: 'RUNNING' });
      const tasks = arns.length === 0 ? [] : await describeAll(cluster, arns);
      return tasks.filter((task) => task.startedBy === deploymentId && task.lastStatus === 'RUNNING');
    },
  };
}

/** The same clientToken with other parameters: the task it stands for is ours from an earlier attempt. */
function adoptConflicting(error: unknown): { tasks: Task[]; failures?: undefined } {
  if (hasName(error, 'ConflictException') && 'resourceIds' in (error as object)) {
    const [taskArn] = (error as { resourceIds?: string[] }).resourceIds ?? [];
    if (taskArn !== undefined) return { tasks: [{ taskArn }] };
  }
  throw error;
}

/** What the decisions need of a task; without its definition every container counts as essential. */
export function observeTask(
  task: Task,
  isEssential: (container: Container) => boolean = () => true,
): TaskObservation {
  return {
    taskArn: task.taskArn ?? '',
    lastStatus: task.lastStatus ?? 'UNKNOWN',
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    stoppedAt: task.stoppedAt?.getTime(),
    createdAt: task.createdAt?.getTime(),
    taskDefinition: task.taskDefinitionArn,
    healthStatus: task.healthStatus,
    containers: (task.containers ?? []).map((container) => ({
      name: container.name ?? '',
      essential: isEssential(container),
      exitCode: container.exitCode,
      reason: container.reason,
      image: container.image,
    })),
  };
}
