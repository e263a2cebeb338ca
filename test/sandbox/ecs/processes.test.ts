import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createBalancers } from '#sandbox/balancers/balancers.ts';
import { freePort } from '#sandbox/core/ports.ts';
import { classic, release, staticPort } from './fixtures.ts';
import { caller, closeRealities, createReality } from './harness.ts';

afterEach(closeRealities);

const container = (changes: object = {}) => ({
  name: 'webapp',
  image: 'webapp:1',
  cpu: 256,
  memory: 256,
  ...changes,
});

describe('A task of real processes', () => {
  const program = (text: string) => `#!/usr/bin/env node\n${text}`;

  it('serves on PORT, reachable by the host port of its instance; and ends with the sandbox', async () => {
    const reality = await createReality({
      'app/server.js': `require('node:http').createServer((_, response) => response.end(process.env.GREETING))
        .listen(process.env.PORT, '127.0.0.1', () => console.log('listening'))`,
    });
    const { register, runTask, ecs, network, until } = reality;
    const environment = [{ name: 'GREETING', value: 'hello' }];
    await register({
      containerDefinitions: [
        container({
          command: ['node', 'server.js'],
          environment,
          portMappings: [{ containerPort: 80, hostPort: 8080 }],
        }),
      ],
    });
    const { tasks } = await runTask();
    await until(() => ecs.taskOutput(tasks?.[0]?.taskArn as string).some(({ line }) => line === 'listening'));
    const { port } = network.resolve('i-0', 8080) ?? {};
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
    await reality.close();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('ends with the exit code of its program, after its output is in the log', async () => {
    const { register, runTask, task, until, world } = await createReality({
      'usr/local/bin/migrate': program(
        `console.log(process.argv[2]); console.error('failed'); process.exitCode = 3`,
      ),
    });
    const options = { 'awslogs-group': '/ecs/webapp', 'awslogs-stream-prefix': 'ecs' };
    await register({
      containerDefinitions: [container({ logConfiguration: { logDriver: 'awslogs', options } })],
    });
    const { tasks } = await runTask({
      overrides: { containerOverrides: [{ name: 'webapp', command: ['migrate', 'up'] }] },
    });
    await until(async () => (await task(tasks?.[0])).lastStatus === 'STOPPED');
    const id = tasks?.[0]?.taskArn?.split('/').at(-1);
    expect(await task(tasks?.[0])).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 3 }],
    });
    expect(world.logs.sort()).toEqual([
      `/ecs/webapp ecs/webapp/${id} failed`,
      `/ecs/webapp ecs/webapp/${id} up`,
    ]);
  });

  it("without a log configuration writes to its instance's log group, in a stream named after the container", async () => {
    const { register, runTask, task, until, world, ecs } = await createReality({
      'usr/local/bin/hello': program(`console.log('hello')`),
    });
    const attributes = [{ name: 'logs', value: 'yes' }];
    ecs.addInstance('default', { cpu: 1024, memory: 1024, attributes, dockerLogGroup: '/ecs/default' });
    await register({ containerDefinitions: [container({ command: ['hello'] })] });
    const { tasks } = await runTask({
      placementConstraints: [{ type: 'memberOf', expression: 'attribute:logs == yes' }],
    });
    await until(async () => (await task(tasks?.[0])).lastStatus === 'STOPPED');
    const { runtimeId } = (await task(tasks?.[0])).containers?.[0] ?? {};
    expect(runtimeId).toMatch(/^[0-9a-f]{64}$/);
    expect(world.logs).toEqual([`/ecs/default ${runtimeId} hello`]);
  });

  it('is killed with its children when it ignores SIGTERM', async () => {
    const { register, runTask, call, task, ecs, until } = await createReality({
      'app/stubborn.js': `process.on('SIGTERM', () => {});
        const child = require('node:child_process').spawn('sleep', ['60']);
        console.log(child.pid);
        setInterval(() => {}, 1000)`,
    });
    await register({ containerDefinitions: [container({ command: ['node', 'stubborn.js'] })] });
    const { tasks } = await runTask();
    const output = () => ecs.taskOutput(tasks?.[0]?.taskArn as string);
    await until(() => output().length > 0);
    await call('StopTask', { task: tasks?.[0]?.taskArn });
    await until(async () => (await task(tasks?.[0])).lastStatus === 'STOPPED');
    expect((await task(tasks?.[0])).containers?.[0]?.exitCode).toBe(137);
    await until(() => !isAlive(Number(output()[0]?.line)));
  });

  const limited = existsSync('/proc') ? it : it.skip;
  limited('is killed when it grows over its memory limit', async () => {
    const { register, runTask, task, until } = await createReality({
      'app/greedy.js': `const kept = Buffer.alloc(256 * 1024 * 1024, 1); setInterval(() => kept.length, 1000)`,
    });
    await register({ containerDefinitions: [container({ command: ['node', 'greedy.js'], memory: 128 })] });
    const { tasks } = await runTask();
    await until(async () => (await task(tasks?.[0])).lastStatus === 'STOPPED');
    expect((await task(tasks?.[0])).containers).toMatchObject([
      { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ]);
  });

  it('does not outlive the sandbox, even one that is killed', async () => {
    const { rootfs, until } = await createReality({});
    const script = fileURLToPath(new URL('./sandbox-that-dies.ts', import.meta.url));
    const sandbox = spawn(process.execPath, [script, rootfs], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(sandbox.stdout, 'data');
    const ids = String(line).trim().split(' ').map(Number);
    expect(ids.map(isAlive)).toEqual([true, true]);
    sandbox.kill('SIGKILL');
    await until(() => !ids.some(isAlive));
  });

  it('whose program is not in the image never starts, in the words of the container runtime', async () => {
    const { register, runTask, task, until } = await createReality({});
    await register({ containerDefinitions: [container({ command: ['bin/rails', 'db:migrate'] })] });
    const { tasks } = await runTask();
    await until(async () => (await task(tasks?.[0])).lastStatus === 'STOPPED');
    const stopped = await task(tasks?.[0]);
    expect(stopped).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' });
    expect(stopped.containers?.[0]?.reason).toMatch(
      /^CannotStartContainerError: .*exec: "bin\/rails".*no such file/,
    );
    expect(stopped.containers?.[0]).not.toHaveProperty('exitCode');
  });
});

describe('A rollout of real processes behind a real classic load balancer', () => {
  it('answers every request, from the old version and then from the new one', async () => {
    const reality = await createReality(
      {
        // Stopped, it finishes what it has been asked.
        'app/server.js': `const server = require('node:http')
          .createServer((_, response) => response.end(process.env.VERSION))
          .listen(process.env.PORT, '127.0.0.1');
          process.on('SIGTERM', () => server.close())`,
      },
      { restartMilliseconds: 100 },
    );
    const { register, createService, call, messages, deployments, until } = reality;
    reality.ecs.addInstance('default', { cpu: 1024, memory: 1024, ec2InstanceId: 'i-1' });
    const balancers = createBalancers(
      reality.context,
      { network: reality.network },
      { minimumIntervalSeconds: 0.1 },
    );
    reality.world.realBalancers = balancers;
    const port = await freePort();
    const balance = async (operation: string, request: object) =>
      balancers.definitions[0]?.operations[operation]?.(
        { LoadBalancerName: 'webapp-load-balancer', ...request },
        caller,
      );
    await balance('CreateLoadBalancer', {
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: port, InstanceProtocol: 'HTTP', InstancePort: 80 }],
      AvailabilityZones: ['us-east-1a'],
    });
    // In service soon, but not out of it because a busy machine lets a target wait for a tenth of a second.
    const quick = { Interval: 0.1, Timeout: 0.1, UnhealthyThreshold: 10, HealthyThreshold: 2 };
    await balance('ConfigureHealthCheck', { HealthCheck: { Target: 'HTTP:80/', ...quick } });
    const version = (value: string) =>
      release('webapp:1', {
        ...staticPort,
        command: ['node', 'server.js'],
        environment: [{ name: 'VERSION', value }],
      });

    await register(version('1'));
    await createService({ loadBalancers: [classic] });
    await until(async () => (await messages())[0]?.endsWith('steady state.') ?? false);
    await register(version('2'));
    await call('UpdateService', { service: 'web', taskDefinition: 'webapp' });
    const answers: string[] = [];
    const visit = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`);
      answers.push(`${response.status} ${await response.text()}`);
    };
    await until(async () => {
      await visit();
      return (await deployments()).join() === 'PRIMARY webapp:2 1/1 undefined';
    });
    await visit();

    expect([...new Set(answers)]).toEqual(['200 1', '200 2']);
    expect(answers.at(-1)).toBe('200 2');
  });
});

/** A process that has ended but is not waited for yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
