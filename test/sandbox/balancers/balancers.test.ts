import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort, listen } from '#sandbox/core/ports.ts';
import { createStage, type Stage, virtualClock } from './stage.ts';

const stages: Stage[] = [];

function stage(options: Parameters<typeof createStage>[0] = {}): Stage {
  const created = createStage(options);
  stages.push(created);
  return created;
}

afterEach(async () => {
  await Promise.all(stages.splice(0).map((one) => one.close()));
});

const hello = (text: string) => (_request: unknown, response: { end(text: string): void }) =>
  response.end(text);

async function applicationBalancer(on: Stage, groupSettings: object = {}) {
  const port = await freePort();
  const created = await on.application('CreateLoadBalancer', {
    Name: 'web',
    Subnets: ['subnet-a', 'subnet-b'],
  });
  const balancerArn = created.LoadBalancers[0].LoadBalancerArn;
  const group = await on.application('CreateTargetGroup', {
    Name: 'web',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-1',
    TargetType: 'ip',
    ...groupSettings,
  });
  const targetGroupArn = group.TargetGroups[0].TargetGroupArn as string;
  const listener = await on.application('CreateListener', {
    LoadBalancerArn: balancerArn,
    Protocol: 'HTTP',
    Port: port,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  });
  const health = async () => {
    const answer = await on.application('DescribeTargetHealth', { TargetGroupArn: targetGroupArn });
    return answer.TargetHealthDescriptions.map((one: { TargetHealth: object }) => one.TargetHealth);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    balancerArn,
    targetGroupArn,
    listenerArn: listener.Listeners[0].ListenerArn,
    health,
  };
}

async function classicBalancer(on: Stage, settings: object = {}) {
  const port = await freePort();
  await on.classic('CreateLoadBalancer', {
    LoadBalancerName: 'webapp',
    Subnets: ['subnet-a'],
    Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: port, InstancePort: 80 }],
    ...settings,
  });
  const health = async () => {
    const answer = await on.classic('DescribeInstanceHealth', { LoadBalancerName: 'webapp' });
    return answer.InstanceStates;
  };
  return { url: `http://127.0.0.1:${port}`, port, health };
}

describe('an Application Load Balancer', () => {
  it('makes a new target healthy after one success and an established one unhealthy after the threshold', async () => {
    const { clock, advance } = virtualClock();
    const on = stage({ clock });
    let status = 200;
    await on.serve('10.0.0.1', 80, (_request, response) => response.writeHead(status).end());
    const { targetGroupArn, health } = await applicationBalancer(on);
    const ref = { targetGroupArn };
    const target = { id: '10.0.0.1', port: 80 };
    const step = async (milliseconds: number) => {
      const checked = on.nextCheck(target.id);
      await advance(milliseconds);
      return checked;
    };

    on.balancers.register(ref, target);
    const registered = await health();
    const first = await step(0);
    status = 404;
    const states = [await step(30_000), await step(30_000)];
    const unhealthy = await health();
    status = 200;
    for (let count = 0; count < 5; count += 1) states.push(await step(30_000));

    expect(registered).toEqual([
      {
        State: 'initial',
        Reason: 'Elb.RegistrationInProgress',
        Description: 'Target registration is in progress',
      },
    ]);
    expect(first).toBe('healthy');
    expect(unhealthy).toEqual([
      {
        State: 'unhealthy',
        Reason: 'Target.ResponseCodeMismatch',
        Description: 'Health checks failed with these codes: [404]',
      },
    ]);
    expect(states.join()).toBe('healthy,unhealthy,unhealthy,unhealthy,unhealthy,unhealthy,healthy');
  });

  it('tells a target that does not answer from one that refuses the connection', async () => {
    const { clock, advance } = virtualClock();
    const on = stage({ clock });
    await on.serve('10.0.0.1', 80, () => {});
    const { targetGroupArn, health } = await applicationBalancer(on, { HealthCheckIntervalSeconds: 10 });
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.1', port: 80 });
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.2', port: 80 });

    // The checks start at 0 s and 10 s; the silent target's time out 5 s later.
    for (const wait of [5000, 10_000]) {
      const checked = Promise.all([on.nextCheck('10.0.0.1'), on.nextCheck('10.0.0.2')]);
      await advance(wait);
      await checked;
    }

    expect((await health()).map((one: { Reason: string }) => one.Reason)).toEqual([
      'Target.Timeout',
      'Target.FailedHealthChecks',
    ]);
  });

  it('shares requests out in turn and tells the target who asked', async () => {
    const on = stage();
    const seen: Record<string, unknown>[] = [];
    for (const host of ['10.0.0.1', '10.0.0.2']) {
      await on.serve(host, 80, (request, response) => {
        if (!request.headers['user-agent']?.startsWith('ELB-')) seen.push(request.headers);
        response.end(host);
      });
    }
    const { url, port, targetGroupArn } = await applicationBalancer(on);
    const ready = Promise.all([on.nextCheck('10.0.0.1'), on.nextCheck('10.0.0.2')]);
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.1', port: 80 });
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.2', port: 80 });
    await ready;

    const answers: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      answers.push(await (await fetch(url, { headers: { 'x-forwarded-for': '9.9.9.9' } })).text());
    }

    expect(answers.sort().join()).toBe('10.0.0.1,10.0.0.1,10.0.0.2,10.0.0.2');
    expect(seen[0]).toMatchObject({
      'x-forwarded-for': '9.9.9.9, 127.0.0.1',
      'x-forwarded-port': String(port),
      'x-forwarded-proto': 'http',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
  });

  it('drains: a request in flight ends, new ones go elsewhere, and only then is the target gone', async () => {
    const on = stage();
    const arrived = Promise.withResolvers<() => void>();
    await on.serve('10.0.0.1', 80, (request, response) => {
      if (request.url === '/slow') arrived.resolve(() => response.end('at last'));
      else response.end('old');
    });
    const { url, targetGroupArn, health } = await applicationBalancer(on);
    const ref = { targetGroupArn };
    const old = { id: '10.0.0.1', port: 80 };
    const oldReady = on.nextCheck(old.id);
    on.balancers.register(ref, old);
    await oldReady;
    const slow = fetch(`${url}/slow`);
    const finish = await arrived.promise;
    await on.serve('10.0.0.2', 80, hello('new'));
    const newReady = on.nextCheck('10.0.0.2');
    on.balancers.register(ref, { id: '10.0.0.2', port: 80 });
    await newReady;

    let gone = false;
    const drained = on.balancers.deregister(ref, old).then(() => {
      gone = true;
    });
    const during = [await (await fetch(url)).text(), await (await fetch(url)).text()];
    const stateDuring = (await health())[0];
    const goneBefore = gone;
    finish();
    const answer = await (await slow).text();
    await drained;

    expect(during).toEqual(['new', 'new']);
    expect(stateDuring).toMatchObject({ State: 'draining', Reason: 'Target.DeregistrationInProgress' });
    expect(goneBefore).toBe(false);
    expect(answer).toBe('at last');
    expect(on.balancers.health(ref, old)).toBe('unused');
  });

  it('cuts what is still in flight when the deregistration delay is over', async () => {
    const { clock, advance } = virtualClock();
    const on = stage({ clock });
    const arrived = Promise.withResolvers<void>();
    await on.serve('10.0.0.1', 80, (request, response) => {
      if (request.url === '/forever') arrived.resolve();
      else response.end();
    });
    const { url, targetGroupArn } = await applicationBalancer(on);
    const target = { id: '10.0.0.1', port: 80 };
    await on.application('ModifyTargetGroupAttributes', {
      TargetGroupArn: targetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }],
    });
    const ready = on.nextCheck(target.id);
    on.balancers.register({ targetGroupArn }, target);
    await advance(0);
    await ready;
    const forever = fetch(`${url}/forever`);
    await arrived.promise;

    const drained = on.balancers.deregister({ targetGroupArn }, target);
    await advance(19_999);
    const before = on.balancers.health({ targetGroupArn }, target);
    await advance(1);
    await drained;

    expect(before).toBe('draining');
    expect((await forever).status).toBe(502);
  });

  it('answers 503 without targets, 502 for a refused connection and 504 for a silent target', async () => {
    const { clock, advance } = virtualClock();
    const on = stage({ clock });
    const arrived = Promise.withResolvers<void>();
    await on.serve('10.0.0.1', 80, () => arrived.resolve());
    const { url, targetGroupArn } = await applicationBalancer(on);

    const without = await fetch(url);
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.9', port: 80 });
    // No target is healthy, so that every registered one gets requests, as AWS fails open.
    const refused = await fetch(url);
    await on.balancers.deregister({ targetGroupArn }, { id: '10.0.0.9', port: 80 });
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.1', port: 80 });
    const silent = fetch(url);
    await arrived.promise;
    await advance(60_000);

    expect(without.status).toBe(503);
    expect(await without.text()).toContain('503 Service Temporarily Unavailable');
    expect(refused.status).toBe(502);
    expect((await silent).status).toBe(504);
  });

  it('does not send a failed request to another target', async () => {
    const on = stage();
    const served: string[] = [];
    for (const host of ['10.0.0.1', '10.0.0.2']) {
      await on.serve(host, 80, (request, response) => {
        if (request.url === '/') return void response.end();
        served.push(host);
        request.socket.destroy();
      });
    }
    const { url, targetGroupArn } = await applicationBalancer(on);
    const ready = Promise.all([on.nextCheck('10.0.0.1'), on.nextCheck('10.0.0.2')]);
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.1', port: 80 });
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.2', port: 80 });
    await ready;

    const answer = await fetch(`${url}/reset`);

    expect(answer.status).toBe(502);
    expect(served).toHaveLength(1);
  });

  it('routes by path and host in order of priority, and leaves targets unused that no listener needs', async () => {
    const on = stage();
    const { url, listenerArn, targetGroupArn } = await applicationBalancer(on);
    const rule = (Priority: number, Field: string, Values: string[], MessageBody: string) =>
      on.application('CreateRule', {
        ListenerArn: listenerArn,
        Priority,
        Conditions: [{ Field, Values }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200', MessageBody } }],
      });
    await rule(20, 'path-pattern', ['/api/*'], 'api');
    await rule(10, 'path-pattern', ['/api/v?'], 'version');
    await rule(5, 'host-header', ['127.0.0.9'], 'host');
    const other = await on.application('CreateTargetGroup', {
      Name: 'other',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: 'vpc-1',
      TargetType: 'ip',
    });
    const otherRef = { targetGroupArn: other.TargetGroups[0].TargetGroupArn };
    on.balancers.register(otherRef, { id: '10.0.0.1', port: 80 });

    const bodies = [];
    for (const path of ['/api/articles?x=/api/v1', '/api/v1', '/API/v1']) {
      const answer = await fetch(url + path);
      bodies.push(answer.status === 200 ? await answer.text() : answer.status);
    }

    expect(bodies).toEqual(['api', 'version', 503]);
    expect(on.balancers.health(otherRef, { id: '10.0.0.1', port: 80 })).toBe('unused');
    await expect(rule(10, 'path-pattern', ['/x'], 'x')).rejects.toMatchObject({ code: 'PriorityInUse' });
    await expect(
      on.application('DeleteTargetGroup', { TargetGroupArn: targetGroupArn }),
    ).rejects.toMatchObject({
      code: 'ResourceInUse',
    });
  });

  it('passes WebSocket upgrades through', async () => {
    const on = stage();
    const server = await on.serve('10.0.0.1', 80, hello('ok'));
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
      socket.pipe(socket);
    });
    const { port, targetGroupArn } = await applicationBalancer(on);
    const ready = on.nextCheck('10.0.0.1');
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.1', port: 80 });
    await ready;

    const client = connect(port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    const [head] = await once(client, 'data');
    client.write('ping');
    const [echo] = await once(client, 'data');
    client.destroy();

    expect(String(head)).toContain('101 Switching Protocols');
    expect(String(echo)).toBe('ping');
  });

  it('streams a large body both ways without holding it back', async () => {
    const on = stage();
    await on.serve('10.0.0.1', 80, (request, response) => request.pipe(response));
    const { url, targetGroupArn } = await applicationBalancer(on);
    const ready = on.nextCheck('10.0.0.1');
    on.balancers.register({ targetGroupArn }, { id: '10.0.0.1', port: 80 });
    await ready;
    const body = Buffer.alloc(3_000_000, 'x');

    const answer = await fetch(url, { method: 'POST', body });

    expect((await answer.arrayBuffer()).byteLength).toBe(body.length);
  });
});

describe('a Classic Load Balancer', () => {
  it('takes an instance into service after HealthyThreshold checks and answers 503 until then', async () => {
    const { clock, advance } = virtualClock();
    const on = stage({ clock });
    await on.serve('i-0abc', 80, hello('hello'));
    const { url, health } = await classicBalancer(on);
    await on.classic('ConfigureHealthCheck', {
      LoadBalancerName: 'webapp',
      HealthCheck: {
        Target: 'HTTP:80/',
        Interval: 10,
        Timeout: 5,
        HealthyThreshold: 2,
        UnhealthyThreshold: 2,
      },
    });
    const step = async (milliseconds: number) => {
      const checked = on.nextCheck('i-0abc');
      await advance(milliseconds);
      await checked;
    };

    await on.classic('RegisterInstancesWithLoadBalancer', {
      LoadBalancerName: 'webapp',
      Instances: [{ InstanceId: 'i-0abc' }],
    });
    const states = [await health()];
    await step(0);
    states.push(await health());
    const early = await fetch(url);
    await step(10_000);
    states.push(await health());
    const late = await fetch(url);

    expect(states.flat()).toEqual([
      {
        InstanceId: 'i-0abc',
        State: 'OutOfService',
        ReasonCode: 'ELB',
        Description: 'Instance registration is still in progress.',
      },
      {
        InstanceId: 'i-0abc',
        State: 'OutOfService',
        ReasonCode: 'Instance',
        Description:
          'Instance has not passed the configured HealthyThreshold number of health checks consecutively.',
      },
      { InstanceId: 'i-0abc', State: 'InService', ReasonCode: 'N/A', Description: 'N/A' },
    ]);
    expect([early.status, early.statusText]).toEqual([
      503,
      'Service Unavailable: Back-end server is at capacity',
    ]);
    expect(await late.text()).toBe('hello');
  });

  it('checks TCP by default, and an instance where nothing listens goes out of service', async () => {
    const { clock, advance } = virtualClock();
    const on = stage({ clock });
    const { url, health } = await classicBalancer(on);
    on.balancers.register({ loadBalancerName: 'webapp' }, { id: 'i-0abc', port: 80 });

    for (const wait of [0, 30_000]) {
      const checked = on.nextCheck('i-0abc');
      await advance(wait);
      await checked;
    }
    const [described] = (await on.classic('DescribeLoadBalancers', { LoadBalancerNames: ['webapp'] }))
      .LoadBalancerDescriptions;

    expect(described).toMatchObject({
      DNSName: '127.0.0.1',
      HealthCheck: { Target: 'TCP:80', Interval: 30 },
    });
    expect((await health())[0]).toMatchObject({
      State: 'OutOfService',
      ReasonCode: 'Instance',
      Description:
        'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
    });
    expect((await fetch(url)).status).toBe(503);
  });

  it('fails to create a listener on a port that is taken, and leaves nothing behind', async () => {
    const on = stage();
    const blocker = createServer();
    const taken = await listen(blocker);
    const create = classicBalancer(on, {
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: taken, InstancePort: 80 }],
    });

    await expect(create).rejects.toMatchObject({
      code: 'InvalidConfigurationRequest',
      message: expect.stringContaining(`port ${taken} cannot be bound`),
    });
    expect(on.balancers.exists({ loadBalancerName: 'webapp' })).toBe(false);
    blocker.close();
  });

  it('joins TCP connections and says what it does not do', async () => {
    const on = stage({ defaults: { intervalSeconds: 1, timeoutSeconds: 1, healthyThreshold: 1 } });
    await on.serve('i-0abc', 80, hello('over tcp'));
    const port = await freePort();
    const { url } = await classicBalancer(on, {
      Listeners: [{ Protocol: 'TCP', LoadBalancerPort: port, InstancePort: 80 }],
    }).then(() => ({ url: `http://127.0.0.1:${port}` }));
    const ready = on.nextCheck('i-0abc');
    on.balancers.register({ loadBalancerName: 'webapp' }, { id: 'i-0abc', port: 80 });
    await ready;

    expect(await (await fetch(url)).text()).toBe('over tcp');
    await expect(
      on.classic('CreateLoadBalancerListeners', {
        LoadBalancerName: 'webapp',
        Listeners: [{ Protocol: 'HTTPS', LoadBalancerPort: 443, InstancePort: 80 }],
      }),
    ).rejects.toMatchObject({ code: 'UnsupportedOperation' });
  });
});

describe('validation', () => {
  it.each([
    [{ HealthCheckIntervalSeconds: 4 }, /interval '4' must be between 5 and 300/],
    [{ HealthyThresholdCount: 11 }, /Healthy threshold count '11' must be between 2 and 10/],
    [{ HealthCheckTimeoutSeconds: 20, HealthCheckIntervalSeconds: 10 }, /must be smaller than or equal/],
    [{ Matcher: { HttpCode: '500' } }, /must be within '200-499'/],
    [{ HealthCheckPath: 'health' }, /must start with '\/'/],
  ])('refuses a target group with %j', async (settings, message) => {
    const on = stage();

    await expect(applicationBalancer(on, settings)).rejects.toMatchObject({
      code: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });

  it('takes the same creation twice, but not another one under that name', async () => {
    const on = stage();
    const { targetGroupArn } = await applicationBalancer(on);
    const again = { Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1', TargetType: 'ip' };

    const repeated = await on.application('CreateTargetGroup', again);

    expect(repeated.TargetGroups[0].TargetGroupArn).toBe(targetGroupArn);
    await expect(on.application('CreateTargetGroup', { ...again, Port: 81 })).rejects.toMatchObject({
      code: 'DuplicateTargetGroupName',
    });
    await expect(
      on.application('DescribeTargetHealth', { TargetGroupArn: 'arn:aws:x' }),
    ).rejects.toMatchObject({
      code: 'TargetGroupNotFound',
    });
  });
});
