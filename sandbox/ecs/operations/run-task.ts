import { isDeepStrictEqual } from 'node:util';
import type { Failure, RunTaskRequest, RunTaskResponse, TaskDefinition } from '@aws-sdk/client-ecs';
import { AwsError } from '#sandbox/core/errors.ts';
import { clientException, invalidParameter } from '../errors.ts';
import { getCluster, getRunnableTaskDefinition } from '../identifiers.ts';
import { place } from '../placement/place.ts';
import { reservationOf } from '../placement/reservation.ts';
import type { ClusterRecord, Ecs, TaskRecord } from '../state.ts';
import { requireCompatible, requireNetwork } from '../task-definitions/launchable.ts';
import { createTask } from '../tasks/create.ts';
import { unableToAssume, unassumableRole } from '../tasks/roles.ts';
import { taskView } from '../views/task.ts';

const hour = 60 * 60 * 1000;

/** Starts tasks. What could not be placed is in `failures`, and the answer is a success nevertheless. */
export const runTask =
  (ecs: Ecs) =>
  (input: RunTaskRequest): RunTaskResponse => {
    const cluster = getCluster(ecs, input.cluster);
    validate(input);
    const adopted = adopt(ecs, cluster, input);
    if (adopted) return { tasks: adopted.map((record) => taskView(record)), failures: [] };
    const { definition, tags } = getRunnableTaskDefinition(ecs, input.taskDefinition as string);
    validateOverrides(input, definition);
    const launchType = launchTypeOf(input);
    requireCompatible(definition, launchType);
    requireNetwork(definition, input.networkConfiguration);
    const role = unassumableRole(ecs, definition, input.overrides);
    if (role !== undefined) throw clientException(unableToAssume(role));
    const active = [...cluster.instances.values()].some(({ status }) => status === 'ACTIVE');
    if (launchType === 'EC2' && !active) {
      throw invalidParameter('No Container Instances were found in your cluster.');
    }
    const propagated = input.propagateTags === 'TASK_DEFINITION' ? tags : [];
    const records: TaskRecord[] = [];
    const failures: Failure[] = [];
    for (let index = 0; index < (input.count ?? 1); index++) {
      const outcome = startOne(ecs, cluster, input, definition, launchType, [
        ...propagated,
        ...(input.tags ?? []),
      ]);
      if ('failures' in outcome) failures.push(...outcome.failures);
      else records.push(outcome.record);
    }
    remember(ecs, cluster, input, records);
    return { tasks: records.map((record) => taskView(record, ['TAGS'])), failures };
  };

function validate({ count = 1, startedBy, clientToken, overrides }: RunTaskRequest): void {
  if (count < 1 || count > 10) throw invalidParameter('Count should be between 1 and 10.');
  if (startedBy !== undefined && !/^[\w/-]{1,128}$/.test(startedBy)) {
    throw invalidParameter(
      'startedBy should be at most 128 letters, digits, hyphens, forward slashes and underscores.',
    );
  }
  if (clientToken !== undefined && !/^[!-~]{1,64}$/.test(clientToken)) {
    throw invalidParameter('clientToken should be at most 64 printable ASCII characters.');
  }
  if (overrides && JSON.stringify(overrides).length > 8192) {
    throw invalidParameter('Overrides should be 8192 characters or fewer.');
  }
}

function validateOverrides({ overrides }: RunTaskRequest, definition: TaskDefinition): void {
  for (const { name } of overrides?.containerOverrides ?? []) {
    if (definition.containerDefinitions?.some((container) => container.name === name)) continue;
    throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
  }
}

function launchTypeOf({ launchType, capacityProviderStrategy }: RunTaskRequest): 'EC2' | 'FARGATE' {
  if (launchType && capacityProviderStrategy?.length) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  const provider = capacityProviderStrategy?.[0]?.capacityProvider;
  return launchType === 'FARGATE' || provider?.startsWith('FARGATE') ? 'FARGATE' : 'EC2';
}

function startOne(
  ecs: Ecs,
  cluster: ClusterRecord,
  input: RunTaskRequest,
  definition: TaskDefinition,
  launchType: 'EC2' | 'FARGATE',
  tags: RunTaskRequest['tags'],
): { record: TaskRecord } | { failures: Failure[] } {
  const reservation = reservationOf(definition, input.overrides);
  const group = input.group ?? `family:${definition.family}`;
  const { placementConstraints: constraints, placementStrategy: strategy } = input;
  const placement =
    launchType === 'FARGATE'
      ? { instance: undefined }
      : place(ecs, cluster, { definition, reservation, group, constraints, strategy });
  if ('failures' in placement) return placement;
  const { overrides, startedBy, networkConfiguration, platformVersion, enableExecuteCommand } = input;
  const { instance } = placement;
  return {
    record: createTask(ecs, {
      cluster,
      definition,
      reservation,
      launchType,
      group,
      instance,
      startedBy,
      overrides,
      networkConfiguration,
      platformVersion,
      enableExecuteCommand,
      tags,
    }),
  };
}

/** The tasks that this client token has started before, while the token lives: 24 hours, or an hour past their end. */
function adopt(ecs: Ecs, cluster: ClusterRecord, input: RunTaskRequest): TaskRecord[] | undefined {
  const earlier = cluster.clientTokens.get(input.clientToken ?? '');
  if (!earlier) return undefined;
  const now = ecs.context.clock.now();
  const ended = earlier.tasks.every(({ task }) => task.stoppedAt && now - task.stoppedAt.getTime() > hour);
  if (now - earlier.at > 24 * hour || ended) return undefined;
  if (isDeepStrictEqual(JSON.parse(earlier.parameters), JSON.parse(JSON.stringify(input))))
    return earlier.tasks;
  throw new AwsError(
    'ConflictException',
    'The clientToken has been used already with different parameters.',
    { fields: { resourceIds: earlier.tasks.map(({ task }) => task.taskArn) } },
  );
}

function remember(ecs: Ecs, cluster: ClusterRecord, input: RunTaskRequest, tasks: TaskRecord[]): void {
  if (input.clientToken === undefined || tasks.length === 0) return;
  const at = ecs.context.clock.now();
  cluster.clientTokens.set(input.clientToken, { parameters: JSON.stringify(input), tasks, at });
}
