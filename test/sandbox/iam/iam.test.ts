import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createIam } from '#sandbox/iam/iam.ts';
import { createFrontDoor } from '#sandbox/wire/front-door.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import { createRole } from '#test/sandbox/support/roles.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const { context, remove } = testContext();
const iam = createIam(context);
const door = createFrontDoor(context, { iam, definitions: [iam.definition] });
const client = new IAMClient({
  region: context.region,
  maxAttempts: 1,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: inProcessHandler(door),
});

afterAll(remove);

const trust = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
  });
const allow = (Action: string, Resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
const managed = (name: string) => `arn:aws:iam::aws:policy/service-role/${name}`;
const logs = [
  { action: 'logs:PutLogEvents', resources: ['arn:aws:logs:eu-west-1:111122223333:log-group:a'] },
];

describe('roles', () => {
  it('are created with path and tags, found, listed, and no second time', async () => {
    const input = {
      RoleName: 'deploy',
      Path: '/landfall/',
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      Tags: [{ Key: 'team', Value: 'a' }],
    };
    const { Role: created } = await client.send(new CreateRoleCommand(input));
    const { Role: found } = await client.send(new GetRoleCommand({ RoleName: 'deploy' }));
    const { Roles } = await client.send(new ListRolesCommand({ PathPrefix: '/landfall/' }));

    expect(created).toEqual(found);
    expect(found).toMatchObject({
      Arn: `arn:aws:iam::${context.accountId}:role/landfall/deploy`,
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    expect(JSON.parse(decodeURIComponent(found?.AssumeRolePolicyDocument ?? ''))).toEqual(
      JSON.parse(trust('lambda.amazonaws.com')),
    );
    expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['deploy']);
    await expect(client.send(new CreateRoleCommand(input))).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('trust whom their policy names, and after an update somebody else', async () => {
    const role = await createRole(iam, 'trusting', []);

    expect(() => iam.authorizeRole(role, [], 'lambda.amazonaws.com')).not.toThrow();
    await client.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'trusting',
        PolicyDocument: trust('codebuild.amazonaws.com'),
      }),
    );
    expect(() => iam.authorizeRole(role, [], 'lambda.amazonaws.com')).toThrow();
    expect(() => iam.authorizeRole(role, [], 'codebuild.amazonaws.com')).not.toThrow();
  });

  it('are deleted only without policies', async () => {
    await createRole(iam, 'bare', [{ Action: '*', Resource: '*' }]);
    const remove = new DeleteRoleCommand({ RoleName: 'bare' });

    await expect(client.send(remove)).rejects.toMatchObject({ name: 'DeleteConflictException' });
    await client.send(new DeleteRolePolicyCommand({ RoleName: 'bare', PolicyName: 'inline' }));
    await client.send(remove);
    await expect(client.send(new GetRoleCommand({ RoleName: 'bare' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name bare cannot be found.',
    });
  });
});

describe('policies', () => {
  it('inline in a role count from the moment they are put, and can be read back', async () => {
    const role = await createRole(iam, 'inline', []);
    expect(() => iam.authorizeRole(role, logs)).toThrow(/no identity-based policy allows/);

    const policy = { RoleName: 'inline', PolicyName: 'logs', PolicyDocument: allow('logs:*') };
    await client.send(new PutRolePolicyCommand(policy));
    const { PolicyNames } = await client.send(new ListRolePoliciesCommand({ RoleName: 'inline' }));
    const got = await client.send(new GetRolePolicyCommand({ RoleName: 'inline', PolicyName: 'logs' }));

    expect(() => iam.authorizeRole(role, logs)).not.toThrow();
    expect(PolicyNames).toEqual(['logs']);
    expect(decodeURIComponent(got.PolicyDocument ?? '')).toBe(policy.PolicyDocument);
    await expect(
      client.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: '{' })),
    ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
  });

  it('of AWS count while they are attached, and those not held here are unknown', async () => {
    const role = await createRole(iam, 'managed', []);
    const basic = { RoleName: 'managed', PolicyArn: managed('AWSLambdaBasicExecutionRole') };

    await client.send(new AttachRolePolicyCommand(basic));
    const { AttachedPolicies } = await client.send(
      new ListAttachedRolePoliciesCommand({ RoleName: 'managed' }),
    );
    expect(() => iam.authorizeRole(role, logs)).not.toThrow();
    await client.send(new DetachRolePolicyCommand(basic));

    expect(AttachedPolicies).toEqual([
      { PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: basic.PolicyArn },
    ]);
    expect(() => iam.authorizeRole(role, logs)).toThrow();
    await expect(
      client.send(new AttachRolePolicyCommand({ RoleName: 'managed', PolicyArn: managed('Unknown') })),
    ).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('of the account are attached by ARN and outlive no attachment', async () => {
    const role = await createRole(iam, 'custom', []);
    const { Policy } = await client.send(
      new CreatePolicyCommand({ PolicyName: 'logs', PolicyDocument: allow('logs:PutLogEvents') }),
    );
    const PolicyArn = Policy?.Arn ?? '';
    await client.send(new AttachRolePolicyCommand({ RoleName: 'custom', PolicyArn }));

    expect(PolicyArn).toBe(`arn:aws:iam::${context.accountId}:policy/logs`);
    expect(() => iam.authorizeRole(role, logs)).not.toThrow();
    await expect(client.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await client.send(new DetachRolePolicyCommand({ RoleName: 'custom', PolicyArn }));
    await client.send(new DeletePolicyCommand({ PolicyArn }));
    await expect(client.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('as a boundary limit what the others allow', async () => {
    const { Policy } = await client.send(
      new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument: allow('s3:*') }),
    );
    const { Role } = await client.send(
      new CreateRoleCommand({
        RoleName: 'bounded',
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        PermissionsBoundary: Policy?.Arn,
      }),
    );
    await client.send(
      new PutRolePolicyCommand({ RoleName: 'bounded', PolicyName: 'all', PolicyDocument: allow('*') }),
    );

    const put = [{ action: 's3:PutObject', resources: ['arn:aws:s3:::a/b'] }];
    expect(() => iam.authorizeRole(Role?.Arn ?? '', put)).not.toThrow();
    expect(() => iam.authorizeRole(Role?.Arn ?? '', logs)).toThrow(/no permissions boundary allows/);
  });
});

it('has no users and says so', async () => {
  await expect(client.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
});
