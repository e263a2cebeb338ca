import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '#sandbox/sandbox.ts';
import { type Followed, follow } from '#sandbox/start/follow.ts';
import { createScreen } from '#sandbox/start/screen.ts';

const TRUST = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

/** Succeeds, or fails as its function is missing, as the input says. */
const MACHINE = {
  QueryLanguage: 'JSONata',
  StartAt: 'Choose',
  States: {
    Choose: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.isGood %}', Next: 'Deployed' }],
      Default: 'HaltDeployment',
    },
    HaltDeployment: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'missing' },
      End: true,
    },
    Deployed: { Type: 'Succeed' },
  },
};

const buildspec = (command: string) =>
  JSON.stringify({ version: 0.2, phases: { build: { commands: [command] } } }, null, 1);

describe('what is followed', () => {
  const stopping = new AbortController();
  let text = '';
  let sandbox: Sandbox;
  let endings: AsyncGenerator<Followed>;
  let stateMachineArn: string;

  const call = (service: string, operation: string, input: object) =>
    sandbox.services.calls.call(service, operation, input);

  async function role(name: string, service: string): Promise<string> {
    const { Role } = await call('iam', 'CreateRole', {
      RoleName: name,
      AssumeRolePolicyDocument: TRUST(service),
    });
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await call('iam', 'PutRolePolicy', { RoleName: name, PolicyName: 'all', PolicyDocument });
    return Role.Arn;
  }

  /** How the next one ended, and what was written until then. */
  async function next(): Promise<{ followed: Followed; written: string }> {
    text = '';
    const { value } = await endings.next();
    return { followed: value, written: text.replaceAll(/ +\d+\.\d s/g, '').replaceAll(/^ {2}….*\n/gm, '') };
  }

  beforeAll(async () => {
    sandbox = await startSandbox();
    const screen = createScreen({
      isLive: false,
      print: (line) => {
        text += `${line}\n`;
      },
      status: () => undefined,
    });
    endings = follow({ client: sandbox, stateMachine: 'landfall-dev', screen, signal: stopping.signal });
    await call('codebuild', 'CreateProject', {
      name: 'landfall-dev-shop',
      source: { type: 'NO_SOURCE', buildspec: buildspec('true') },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: { type: 'LINUX_CONTAINER', image: 'i', computeType: 'BUILD_GENERAL1_SMALL' },
      serviceRole: await role('build', 'codebuild.amazonaws.com'),
    });
    ({ stateMachineArn } = await call('states', 'CreateStateMachine', {
      name: 'landfall-dev',
      definition: JSON.stringify(MACHINE),
      roleArn: await role('machine', 'states.amazonaws.com'),
    }));
  });

  afterAll(async () => {
    stopping.abort();
    await sandbox.stop();
  });

  it('shows every phase of a build, and the deployment that came of it', async () => {
    await call('codebuild', 'StartBuild', { projectName: 'landfall-dev-shop' });
    await call('states', 'StartExecution', {
      stateMachineArn,
      name: 'shop--1',
      input: JSON.stringify({ isGood: true }),
    });

    const { followed, written } = await next();

    expect(written).toBe(`
Build 1 of landfall-dev-shop, the default branch
  ✓ SUBMITTED
  ✓ QUEUED
  ✓ PROVISIONING
  ✓ DOWNLOAD_SOURCE
  ✓ INSTALL
  ✓ PRE_BUILD
  ✓ BUILD
  ✓ POST_BUILD
  ✓ UPLOAD_ARTIFACTS
  ✓ FINALIZING

Deployment shop--1
  ✓ Deployed
`);
    expect(followed).toMatchObject({
      build: { buildNumber: 1 },
      execution: { status: 'SUCCEEDED' },
      states: ['Deployed'],
    });
  });

  it('is a build that failed, too', async () => {
    await call('codebuild', 'StartBuild', {
      projectName: 'landfall-dev-shop',
      buildspecOverride: buildspec('exit 3'),
    });

    const { followed, written } = await next();

    expect(followed).toMatchObject({ build: { buildNumber: 2, buildStatus: 'FAILED' } });
    expect(followed).not.toHaveProperty('execution');
    expect(written).toContain('  ✗ BUILD  FAILED: exit status 3\n  ✓ POST_BUILD\n');
  });

  it('is a deployment by the API, and its redrive', async () => {
    const { executionArn } = await call('states', 'StartExecution', {
      stateMachineArn,
      name: 'shop-rollback-1',
      input: JSON.stringify({ isGood: false, trigger: { kind: 'rollback' } }),
    });
    const failed = await next();
    await call('states', 'RedriveExecution', { executionArn });
    const redriven = await next();

    expect(failed.written).toBe(
      '\nDeployment shop-rollback-1 (rollback)\n  ✗ HaltDeployment  Lambda.ResourceNotFoundException\n',
    );
    expect(failed.followed).toMatchObject({ execution: { status: 'FAILED', redriveCount: 0 } });
    expect(redriven.written).toContain('\nDeployment shop-rollback-1 (rollback) redrive 1\n');
    expect(redriven.followed).toMatchObject({ execution: { status: 'FAILED', redriveCount: 1 } });
  });
});
