import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import * as ecs from '@aws-sdk/client-ecs';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as sfn from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { createRole } from '#test/sandbox/support/roles.ts';
import {
  close,
  context,
  credentials,
  iam,
  inProcess,
  open,
  overSocket,
  region,
  setClockAhead,
} from './stage.ts';

let endpoint: string;

beforeAll(async () => {
  endpoint = await open();
});
beforeEach(() => setClockAhead(0));
afterAll(close);

describe('signatures', () => {
  const list = new sfn.ListActivitiesCommand({});
  const refused = (options: object) => new sfn.SFNClient({ ...overSocket(), ...options }).send(list);

  it.each<[string, object, string, string]>([
    [
      'by another secret',
      { credentials: { accessKeyId: 'test', secretAccessKey: 'no' } },
      'InvalidSignatureException',
      'does not match',
    ],
    [
      'by an unknown key',
      { credentials: { accessKeyId: 'no', secretAccessKey: 'no' } },
      'UnrecognizedClientException',
      'security token',
    ],
    ['of ten minutes ago', { systemClockOffset: -600_000 }, 'InvalidSignatureException', 'Signature expired'],
    [
      'from the future',
      { systemClockOffset: 600_000 },
      'InvalidSignatureException',
      'Signature not yet current',
    ],
    ['for another Region', { region: 'us-west-2' }, 'InvalidSignatureException', "not 'us-west-2'"],
  ])('%s are refused', async (_, options, name, message) => {
    await expect(refused(options)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it('are refused by query services in their own words', async () => {
    const client = new elbv2.ElasticLoadBalancingV2Client({
      ...overSocket(),
      credentials: { accessKeyId: 'test', secretAccessKey: 'no' },
    });

    await expect(
      client.send(new elbv2.DescribeTargetHealthCommand({ TargetGroupArn: 'x' })),
    ).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('cover the body: one that was changed on the way is refused, and so is a request without any', async () => {
    const target = {
      'x-amz-target': 'AWSStepFunctions.StartExecution',
      'content-type': 'application/x-amz-json-1.0',
    };
    const signed = await signer('states').sign({
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/',
      headers: { host: new URL(endpoint).host, ...target },
      body: '{"stateMachineArn":"a"}',
    });
    const send = async (headers: Record<string, string>, body: string) =>
      (await fetch(endpoint, { method: 'POST', headers, body })).json() as Promise<{ __type?: string }>;

    expect(await send(signed.headers, '{"stateMachineArn":"a"}')).toMatchObject({ executionArn: 'arn' });
    expect((await send(signed.headers, '{"stateMachineArn":"b"}')).__type).toBe('InvalidSignatureException');
    expect((await send(target, '{}')).__type).toBe('MissingAuthenticationTokenException');
    expect((await send({ ...target, authorization: 'AWS4-HMAC-SHA256 nonsense' }, '{}')).__type).toBe(
      'IncompleteSignatureException',
    );
  });

  it('in a presigned URL hold until they expire', async () => {
    const url = await presign('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' });

    const inTime = await fetch(url);
    setClockAhead(61_000);
    const late = await fetch(url);

    expect(await inTime.text()).toContain(`<Arn>arn:aws:iam::${context.accountId}:root</Arn>`);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
  });

  it('for an HTTP API are verified for whoever serves it', async () => {
    const { headers } = await signer('execute-api').sign({
      method: 'GET',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/api/services',
      query: { 'a b': 'c+d' },
      headers: { host: new URL(endpoint).host },
    });

    const signed = await fetch(`${endpoint}/api/services?a%20b=c%2Bd`, { headers });
    const changed = await fetch(`${endpoint}/api/services?a%20b=other`, { headers });
    const unsigned = await fetch(`${endpoint}/api/services`);

    expect(await signed.text()).toBe(`arn:aws:iam::${context.accountId}:root`);
    expect([changed.status, await changed.text()]).toEqual([403, 'InvalidSignatureException']);
    expect(await unsigned.text()).toBe('MissingAuthenticationTokenException');
  });

  function signer(service: string) {
    return new SignatureV4({ service, region, credentials, sha256: Sha256 });
  }

  async function presign(service: string, query: Record<string, string>) {
    const { host, hostname } = new URL(endpoint);
    const body = createHash('sha256').update('').digest('hex');
    const request = {
      method: 'GET',
      protocol: 'http:',
      hostname,
      path: '/',
      query,
      headers: { host, 'x-amz-content-sha256': body },
    };
    const unhoistableHeaders = new Set<string>();
    const presigned = await signer(service).presign(request, { expiresIn: 60, unhoistableHeaders });
    return `${endpoint}/?${new URLSearchParams(presigned.query as Record<string, string>)}`.replaceAll(
      '+',
      '%20',
    );
  }
});

describe('callers', () => {
  it('are the administrator, or the session of a role that they assumed', async () => {
    const RoleArn = await createRole(iam, 'operator', [], { AWS: context.accountId });
    const client = new STSClient(overSocket());

    const { Credentials } = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
    const session = new STSClient({ ...overSocket(), credentials: toCredentials(Credentials) });
    const [administrator, operator] = await Promise.all(
      [client, session].map((who) => who.send(new GetCallerIdentityCommand({}))),
    );

    expect(administrator).toMatchObject({
      Account: context.accountId,
      Arn: `arn:aws:iam::${context.accountId}:root`,
    });
    expect(operator).toMatchObject({
      Arn: `arn:aws:sts::${context.accountId}:assumed-role/operator/me`,
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:me$/),
    });
  });

  it('may not assume a role that does not trust them', async () => {
    const RoleArn = await createRole(iam, 'function', []);
    const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' });

    await expect(new STSClient(inProcess()).send(assume)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${context.accountId}:root is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    });
  });

  it('are denied what their role does not allow, with the resource and action named', async () => {
    const role = await createRole(iam, 'deployer', [
      {
        Action: 'ecs:RunTask',
        Resource: 'arn:aws:ecs:::a',
        Condition: { ArnEquals: { 'ecs:cluster': 'c' } },
      },
      { Action: 'elasticloadbalancing:*', Resource: '*' },
      { Effect: 'Deny', Action: 'elasticloadbalancing:Describe*', Resource: '*' },
    ]);
    const session = { ...inProcess(), credentials: iam.issueCredentials(role, 's') };
    const user = `User: arn:aws:sts::${context.accountId}:assumed-role/deployer/s is not authorized to perform`;
    const client = new ecs.ECSClient(session);
    const run = (cluster: string) => client.send(new ecs.RunTaskCommand({ taskDefinition: 'x', cluster }));

    await expect(run('a')).resolves.toBeDefined();
    await expect(run('b')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `${user}: ecs:RunTask on resource: arn:aws:ecs:::b because no identity-based policy allows the ecs:RunTask action`,
    });
    await expect(
      new elbv2.ElasticLoadBalancingV2Client(session).send(new elbv2.DescribeLoadBalancersCommand({})),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `${user}: elasticloadbalancing:DescribeLoadBalancers on resource: * with an explicit deny in an identity-based policy`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('are told when their credentials have expired', async () => {
    const session = iam.issueCredentials(await createRole(iam, 'brief', []), 's', 60);
    setClockAhead(61_000);
    const client = new sfn.SFNClient({ ...inProcess(), credentials: session, systemClockOffset: 61_000 });

    await expect(client.send(new sfn.ListActivitiesCommand({}))).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
  });

  it('that are services are asked whether their role allows it, and whether it trusts them', async () => {
    const role = await createRole(iam, 'machine', [{ Action: 'lambda:InvokeFunction', Resource: '*' }]);
    const invoke = [{ action: 'lambda:InvokeFunction', resources: ['arn'] }];
    const publish = [{ action: 'sns:Publish', resources: ['arn'] }];

    expect(() => iam.authorizeRole(role, invoke, 'lambda.amazonaws.com')).not.toThrow();
    expect(() => iam.authorizeRole(role, publish, 'lambda.amazonaws.com')).toThrow(
      /sns:Publish on resource: arn/,
    );
    expect(() => iam.authorizeRole(role, invoke, 'states.amazonaws.com')).toThrow(/cannot be assumed/);
    expect(iam.roleExists(role)).toBe(true);
    expect(iam.roleExists(`${role}-not`)).toBe(false);
  });
});

function toCredentials(
  issued: { AccessKeyId?: string; SecretAccessKey?: string; SessionToken?: string } = {},
) {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = issued;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
