import { setTimeout as pause } from 'node:timers/promises';
import { greeting, type Scenario, type Stage } from './scenario.ts';

const TEMPLATE = 'ecs/task-definitions/webapp.json';
const TAKEN = 9100;
const FREE = 9101;

/** Publishes the server's port a second time, under a static host port of its own. */
function onPort(template: string, port: number): Record<string, string> {
  const definition = JSON.parse(template);
  const [web] = definition.containerDefinitions[0].portMappings;
  definition.containerDefinitions[0].portMappings = [
    web,
    { containerPort: port, hostPort: port, protocol: 'tcp' },
  ];
  return { [TEMPLATE]: `${JSON.stringify(definition, null, 2)}\n` };
}

/** As in every cluster with static host ports: somebody else's daemon sits on each instance already. */
export const portTaken: Scenario = {
  name: 'port-taken',
  about: `the task definition asks for host port ${TAKEN}, which is taken on every instance; mended by a push`,
  arrange: runExporters,
  breaking: { message: 'Publish metrics', files: (read) => onPort(read(TEMPLATE), TAKEN) },
  fails: {
    error: 'PlacementImpossible',
    states: ['ClaimService', 'VerifyRelease', 'HaltDeployment'],
    says: [
      new RegExp(`already uses host port ${TAKEN}`),
      /The service was not touched/,
      /A redrive goes on from VerifyRelease\./,
    ],
  },
  mending: {
    push: {
      message: 'Publish metrics on a free port',
      files: (read) => ({ ...onPort(read(TEMPLATE), FREE), ...greeting(read, 'hello, metrics!') }),
    },
  },
};

/** A real daemon on each of the two instances. Its image is the one that is there: what listens does not matter. */
async function runExporters(stage: Stage): Promise<void> {
  const { sandbox, terminal } = stage;
  const { call } = sandbox.services.calls;
  const cluster = sandbox.world?.cluster;
  const { services } = await call('ecs', 'DescribeServices', { cluster, services: ['webapp-service'] });
  const { taskDefinition } = await call('ecs', 'DescribeTaskDefinition', {
    taskDefinition: services[0].taskDefinition,
  });
  await call('ecs', 'RegisterTaskDefinition', {
    family: 'node-exporter',
    containerDefinitions: [
      {
        name: 'node-exporter',
        image: taskDefinition.containerDefinitions[0].image,
        memory: 256,
        portMappings: [{ containerPort: TAKEN, hostPort: TAKEN }],
      },
    ],
  });
  const { containerInstanceArns } = await call('ecs', 'ListContainerInstances', { cluster });
  const { tasks, failures } = await call('ecs', 'RunTask', {
    cluster,
    taskDefinition: 'node-exporter',
    count: containerInstanceArns.length,
  });
  if (failures.length > 0) throw new Error(`the exporters were not placed: ${JSON.stringify(failures)}`);
  await running(stage, tasks);
  terminal.print(
    `\nA node exporter listens on port ${TAKEN} of all ${containerInstanceArns.length} instances`,
  );
}

async function running({ sandbox }: Stage, tasks: { taskArn: string }[]): Promise<void> {
  const query = { cluster: sandbox.world?.cluster, tasks: tasks.map(({ taskArn }) => taskArn) };
  for (;;) {
    const described = await sandbox.services.calls.call('ecs', 'DescribeTasks', query);
    const statuses: string[] = described.tasks.map((task: { lastStatus: string }) => task.lastStatus);
    if (statuses.every((status) => status === 'RUNNING')) return;
    const stopped = described.tasks.find((task: { lastStatus: string }) => task.lastStatus === 'STOPPED');
    if (stopped) throw new Error(`an exporter stopped: ${JSON.stringify(stopped.containers)}`);
    await pause(100);
  }
}
