import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './support/wiring.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

const require = createRequire(import.meta.url);

/** The compiled template: what would be deployed. */
const { Resources } = JSON.parse(
  readFileSync(join(root, '.serverless', 'cloudformation-template-update-stack.json'), 'utf8'),
) as { Resources: Record<string, Resource> };

const ofType = (type: string) => Object.entries(Resources).filter(([, each]) => each.Type === type);

describe('the roles', () => {
  const roles = ofType('AWS::IAM::Role');

  it('are named by CloudFormation: stage, function and Region together may be longer than a role name', () => {
    const own = roles.filter(([, { Properties }]) => typeof Properties.RoleName === 'string');

    expect(roles.length).toBeGreaterThan(25);
    expect(own).toEqual([]);
    for (const [, { Properties }] of roles)
      expect([undefined, { Ref: 'AWS::NoValue' }]).toContainEqual(Properties.RoleName);
  });

  it('all have somebody who takes them', () => {
    const text = JSON.stringify(Resources);

    expect(roles.map(([id]) => id).filter((id) => !text.includes(`{"Fn::GetAtt":["${id}","Arn"]}`))).toEqual(
      [],
    );
  });
});

describe('the functions', () => {
  interface Policy {
    PolicyDocument: { Statement: { Action: string[] }[] };
  }

  const functions = ofType('AWS::Lambda::Function').map(([, { Properties }]) => {
    const [role] = (Properties.Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'];
    const policies = Resources[role]?.Properties.Policies as Policy[];
    const actions = policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap((each) => each.Action);
    return { name: String(Properties.FunctionName).replace('landfall-dev-', ''), actions: new Set(actions) };
  });

  /** What changes the world, and what is easily given to too many. */
  it.each([
    ['ecs:RegisterTaskDefinition', ['registerTaskDefinition']],
    ['ecs:RunTask', ['runMigration']],
    ['ecs:StopTask', ['awaitMigration', 'ecsChanged', 'runMigration']],
    ['ecs:CreateService', ['updateService']],
    ['ecs:UpdateService', ['rollBackService', 'updateService']],
    [
      'ecs:ListTasks',
      [
        'awaitRollback',
        'awaitRollout',
        'checkHealth',
        'createDeployment',
        'ecsChanged',
        'getDeploymentLogs',
        'getService',
        'runMigration',
        'verifyRelease',
      ],
    ],
    ['iam:PassRole', ['registerTaskDefinition', 'rollBackService', 'runMigration', 'updateService']],
    ['codebuild:StartBuild', ['createDeployment']],
    ['states:StartExecution', ['createDeployment', 'imageBuilt', 'startRollback']],
    ['states:RedriveExecution', ['redriveDeployment']],
    ['states:StopExecution', ['abortDeployment']],
    [
      'ecs:DescribeTaskDefinition',
      [
        'awaitMigration',
        'awaitRollback',
        'awaitRollout',
        'checkHealth',
        'createDeployment',
        'ecsChanged',
        'getDeploymentLogs',
        'registerTaskDefinition',
        'runMigration',
        'verifyRelease',
      ],
    ],
  ])('may do %s where they do it, and nowhere else', (action, names) => {
    expect(
      functions
        .filter(({ actions }) => actions.has(action))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
  });

  it('put no item where they only read, ask for their turn or remove', () => {
    const readers = functions
      .filter(({ actions }) => !actions.has('dynamodb:PutItem'))
      .map(({ name }) => name);

    expect(readers.sort()).toEqual([
      'abortDeployment',
      'ecsChanged',
      'getBuild',
      'getDeployment',
      'getDeploymentLogs',
      'getService',
      'imageBuilt',
      'listDeployments',
      'listServices',
    ]);
  });
});

describe('the table', () => {
  /** The functions whose role allows this action on the table. */
  const mayCall = (action: string) =>
    ofType('AWS::IAM::Role')
      .filter(([, role]) => JSON.stringify(role).includes(`"dynamodb:${action}"`))
      .map(([id]) => id.replace('IamRoleLambdaExecution', ''));

  it('is written in whole items: only the turn to look at a wait is changed in place', () => {
    expect(mayCall('UpdateItem')).toEqual(['EcsChanged']);
  });

  it('is written by no function that only shows something', () => {
    const writers = [...new Set(['PutItem', 'UpdateItem', 'DeleteItem'].flatMap(mayCall))];
    const readers = [...new Set(['GetItem', 'Query'].flatMap(mayCall))].filter((id) => !writers.includes(id));

    expect(readers.sort()).toEqual([
      'AbortDeployment',
      'GetBuild',
      'GetDeployment',
      'GetDeploymentLogs',
      'GetService',
      'ListDeployments',
      'ListServices',
    ]);
  });
});

describe('the builds', () => {
  const connection = 'arn:aws:codeconnections:eu-west-1:123456789012:connection/0f5b1a3c';
  const entry = {
    name: 'shop-api',
    repository: 'shop',
    source: { location: 'https://github.com/a/b.git', branch: 'main' },
  };
  const build = (...entries: object[]): Record<string, Resource> =>
    require('../resources/builds.cjs').buildResources(entries);
  const statements = ({ Properties: { Policies } }: Resource) => JSON.stringify(Policies);

  it('write to a log group that is kept as long as the functions’ are, and may make none', () => {
    const { WebappBuild, WebappBuildRole, WebappBuildLogs } = Resources;

    expect(WebappBuildLogs?.Properties).toEqual({
      LogGroupName: '/aws/codebuild/landfall-dev-webapp',
      RetentionInDays: 90,
    });
    expect(WebappBuild?.Properties.LogsConfig).toEqual({
      CloudWatchLogs: { Status: 'ENABLED', GroupName: { Ref: 'WebappBuildLogs' } },
    });
    expect(statements(WebappBuildRole as Resource)).not.toContain('CreateLogGroup');
  });

  it('clone over a connection where the service names one, and may use that one alone', () => {
    const { ShopApiBuild, ShopApiBuildRole } = build({ ...entry, source: { ...entry.source, connection } });
    const without = build(entry);

    expect(ShopApiBuild?.Properties.Source).toMatchObject({
      Auth: { Type: 'CODECONNECTIONS', Resource: connection },
    });
    expect(statements(ShopApiBuildRole as Resource)).toContain(
      `"codeconnections:GetConnection","codeconnections:GetConnectionToken","codestar-connections:GetConnection","codestar-connections:GetConnectionToken"],"Resource":["${connection}"]`,
    );
    expect(JSON.stringify(without)).not.toContain('onnections');
  });

  it('take a repository that is there, the same in all else', () => {
    const { ShopApiRepository, ...others } = build(entry);

    expect(ShopApiRepository?.Type).toBe('AWS::ECR::Repository');
    expect(build({ ...entry, createRepository: false })).toEqual(others);
  });

  it('share a repository that two services name', () => {
    const types = Object.values(build(entry, { ...entry, name: 'shop-worker' })).map(({ Type }) => Type);

    expect(types.filter((type) => type === 'AWS::ECR::Repository')).toHaveLength(1);
    expect(types.filter((type) => type === 'AWS::CodeBuild::Project')).toHaveLength(2);
  });
});
