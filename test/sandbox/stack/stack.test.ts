// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the placeholders of templates, not of this language
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { createServiceCalls, type ServiceCalls } from '#sandbox/core/calls.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { createLambda } from '#sandbox/lambda/lambda.ts';
import { type DeployOptions, deployStack } from '#sandbox/stack/deploy.ts';
import { StackError } from '#sandbox/stack/errors.ts';
import { lambdaNeeds } from '#test/sandbox/support/lambda-needs.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Call {
  service: string;
  operation: string;
  input: Record<string, unknown>;
}

/** The services that this part calls, written down; answers as the operations do, as far as the loader reads them. */
function recordingServices(answers: Record<string, (input: Record<string, unknown>) => unknown> = {}) {
  const calls: Call[] = [];
  const services: ServiceCalls = {
    async call(service, operation, given) {
      const input = JSON.parse(JSON.stringify(given));
      calls.push({ service, operation, input });
      return answers[operation]?.(input) ?? {};
    },
  };
  return {
    services,
    calls,
    of: (operation: string) => calls.filter((call) => call.operation === operation).map(({ input }) => input),
  };
}

const answers = {
  CreateTopic: ({ Name }: Record<string, unknown>) => ({
    TopicArn: `arn:aws:sns:eu-west-1:111122223333:${Name}`,
  }),
  CreateRole: ({ RoleName }: Record<string, unknown>) => ({
    Role: { Arn: `arn:aws:iam::111122223333:role/${RoleName}`, RoleId: 'AROA1' },
  }),
  DescribeTable: () => ({ Table: { TableStatus: 'ACTIVE', TableArn: 'arn:table' } }),
  RegisterTaskDefinition: () => ({ taskDefinition: { taskDefinitionArn: 'arn:task-definition:1' } }),
  CreateProject: () => ({ project: { arn: 'arn:project' } }),
  CreateStateMachine: ({ name }: Record<string, unknown>) => ({ stateMachineArn: `arn:machine:${name}` }),
};

function deploy(template: unknown, more: Partial<DeployOptions> = {}, recorder = recordingServices(answers)) {
  const { context, remove } = testContext();
  cleanups.push(remove);
  const options = {
    services: recorder.services,
    assetsDirectory: context.directory,
    template: template as string,
    ...more,
  };
  return { recorder, stack: deployStack(context, options) };
}

/** A stack of outputs only needs one resource: a topic. */
const withOutput = (Value: unknown, more: object = {}) => ({
  Parameters: {
    Stage: { Type: 'String', Default: 'dev' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
  },
  Mappings: { Sizes: { dev: { cpu: '256' }, prod: { cpu: '1024' } } },
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
  },
  Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news' } } },
  Outputs: { Result: { Value } },
  ...more,
});

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:news';

describe('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref of a parameter', { Ref: 'Stage' }, 'dev'],
    ['Ref of a list parameter', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref of a resource', { Ref: 'Topic' }, TOPIC],
    [
      'pseudo parameters',
      [
        { Ref: 'AWS::AccountId' },
        { Ref: 'AWS::Region' },
        { Ref: 'AWS::Partition' },
        { Ref: 'AWS::StackName' },
        { Ref: 'AWS::URLSuffix' },
      ],
      ['111122223333', 'eu-west-1', 'aws', 'landfall', 'amazonaws.com'],
    ],
    [
      'AWS::NoValue',
      { kept: 1, gone: { Ref: 'AWS::NoValue' }, list: [1, { Ref: 'AWS::NoValue' }] },
      { kept: 1, list: [1] },
    ],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Topic', 'TopicName'] }, 'news'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Topic.TopicArn' }, TOPIC],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${Topic}/${Topic.TopicName}/${AWS::Region}/${!Literal}' },
      `${TOPIC}/news/eu-west-1/\${Literal}`,
    ],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': ['${Stage}-${Own}', { Own: { Ref: 'AWS::Region' }, Stage: 'mine' }] },
      'mine-eu-west-1',
    ],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Stage' }, 1]] }, 'a/dev/1'],
    ['Fn::If', { 'Fn::If': ['IsProd', { Ref: 'Nowhere' }, 'development'] }, 'development'],
    ['nested conditions', [{ 'Fn::If': ['Both', 1, 2] }, { 'Fn::If': ['Either', 1, 2] }], [2, 1]],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: 'Topic' }] }] }, 'news'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'cpu'] }, '256'],
    [
      'Fn::FindInMap with a default',
      { 'Fn::FindInMap': ['Sizes', 'test', 'cpu', { DefaultValue: '1' }] },
      '1',
    ],
    ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Stage}-cluster' } }, 'arn:cluster'],
    ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['Fn::GetAZs', { 'Fn::Select': ['1', { 'Fn::GetAZs': '' }] }, 'eu-west-1b'],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: [{ Ref: 'Stage' }] } }, '{"a":["dev"]}'],
  ])('resolves %s', async (_, value, expected) => {
    const { stack } = deploy(withOutput(value), { exports: { 'dev-cluster': 'arn:cluster' } });

    expect((await stack).outputs.Result).toEqual(expected);
  });

  it('reads the short forms of YAML, nested in one another', async () => {
    const { stack } = deploy(
      `Parameters: { Stage: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub '\${Stage}-news' } }
Outputs:
  Result:
    Value: !If [IsProd, !GetAtt Topic.TopicName, !Join ['', [x, !Sub ['\${A}', { A: !Ref Topic }]]]]
    Export: { Name: !Sub '\${AWS::StackName}-topic' }
  Other: { Condition: IsProd, Value: !Select [0, !Split ['-', !GetAtt Topic.TopicName]] }`,
      { parameters: { Stage: 'prod' }, stackName: 'house' },
    );

    expect(await stack).toMatchObject({
      outputs: { Result: 'prod-news', Other: 'prod' },
      exports: { 'house-topic': 'prod-news' },
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown function', { 'Fn::Length': [1] }, /Output Result: .*Fn::Length is not supported/],
    ['an unknown export', { 'Fn::ImportValue': 'none' }, /No export named none found/],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Topic', 'Colour'] },
      /resource Topic does not support attribute type Colour/,
    ],
    ['a selection out of range', { 'Fn::Select': [3, ['a']] }, /nonexistent value at index 3/],
    ['a dynamic reference', '{{resolve:ssm:/password}}', /Dynamic references are not supported/],
  ])('refuses %s', async (_, value, message) => {
    await expect(deploy(withOutput(value)).stack).rejects.toThrow(message);
  });
});

describe('the order of a stack', () => {
  const topic = (TopicName: unknown, more: object = {}) => ({
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName },
    ...more,
  });

  it('creates resources after those they refer to or depend on, and skips those whose condition does not hold', async () => {
    const { recorder, stack } = deploy({
      Conditions: { Never: { 'Fn::Equals': [1, 2] } },
      Resources: {
        A: topic({ 'Fn::Sub': 'a-${B.TopicName}' }),
        B: topic({ 'Fn::GetAtt': ['C', 'TopicName'] }),
        C: topic('c', { DependsOn: 'D' }),
        D: topic({ 'Fn::If': ['Never', { Ref: 'E' }, 'd'] }),
        E: topic('e', { Condition: 'Never' }),
      },
    });

    expect(Object.keys((await stack).resources)).toEqual(['D', 'C', 'B', 'A']);
    expect(recorder.of('CreateTopic').map(({ Name }) => Name)).toEqual(['d', 'c', 'c', 'a-c']);
  });

  it.each<[string, object, object, RegExp]>([
    [
      'a cycle',
      { A: topic({ Ref: 'B' }), B: topic({ Ref: 'A' }) },
      { logicalId: 'A' },
      /Circular dependency between resources: \[A, B\]/,
    ],
    [
      'an unresolved reference',
      { A: topic({ Ref: 'Z' }) },
      { logicalId: 'A', resourceType: 'AWS::SNS::Topic' },
      /Unresolved resource dependencies \[Z\].* A \(AWS::SNS::Topic\)/,
    ],
    [
      'a type it does not know',
      { A: topic('a'), M: { Type: 'AWS::Lambda::EventSourceMapping' } },
      { logicalId: 'M' },
      /does not support: M \(AWS::Lambda::EventSourceMapping\)/,
    ],
    [
      'a property that would be lost',
      { A: { Type: 'AWS::SNS::Topic', Properties: { ArchivePolicy: {} } } },
      { logicalId: 'A' },
      /A \(AWS::SNS::Topic\): not supported by this sandbox: ArchivePolicy/,
    ],
  ])(
    'refuses %s with a typed error that names the resource, and creates nothing',
    async (_, Resources, fields, message) => {
      const { recorder, stack } = deploy({ Resources });
      const error = await stack.catch((thrown) => thrown);

      expect(error).toBeInstanceOf(StackError);
      expect(error.message).toMatch(message);
      expect(error.fields).toMatchObject(fields);
      expect(recorder.of('CreateTopic')).toEqual([]);
    },
  );

  it('takes back what it has created when a resource fails, and keeps the cause', async () => {
    const recorder = recordingServices({
      ...answers,
      CreateBucket: () => {
        throw new AwsError('BucketAlreadyExists', 'taken');
      },
    });
    const { stack } = deploy(
      { Resources: { A: topic('a'), Bucket: { Type: 'AWS::S3::Bucket', DependsOn: 'A' } } },
      {},
      recorder,
    );

    await expect(stack).rejects.toMatchObject({
      message: 'Bucket (AWS::S3::Bucket) could not be created: BucketAlreadyExists: taken',
      cause: { code: 'BucketAlreadyExists' },
    });
    expect(recorder.of('DeleteTopic')).toEqual([{ TopicArn: 'arn:aws:sns:eu-west-1:111122223333:a' }]);
  });

  it('deletes in reverse order and retains what says so', async () => {
    const { recorder, stack } = deploy({
      Resources: {
        A: topic('a'),
        B: topic('b', { DependsOn: 'A' }),
        C: topic('c', { DeletionPolicy: 'Retain' }),
      },
    });
    await (await stack).delete();

    expect(recorder.of('DeleteTopic').map(({ TopicArn }) => String(TopicArn).slice(-1))).toEqual(['b', 'a']);
  });
});

describe('resources', () => {
  it('hands roles, tables, projects, machines and task definitions to their services in the form of the API', async () => {
    const policy = { Version: '2012-10-17', Statement: [] };
    const { recorder, stack } = deploy({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'runner',
            AssumeRolePolicyDocument: policy,
            Policies: [{ PolicyName: 'inline', PolicyDocument: policy }],
            ManagedPolicyArns: ['arn:managed'],
          },
        },
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            TableName: 'landfall',
            BillingMode: 'PAY_PER_REQUEST',
            TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        },
        Project: {
          Type: 'AWS::CodeBuild::Project',
          Properties: {
            Name: 'build',
            ServiceRole: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Source: { Type: 'GITHUB', BuildSpec: 'buildspec.yml' },
            Environment: { EnvironmentVariables: [{ Name: 'A', Value: 'b' }] },
            Triggers: { Webhook: true, FilterGroups: [[{ Type: 'EVENT', Pattern: 'PUSH' }]] },
          },
        },
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            StateMachineName: 'deploy',
            RoleArn: 'arn:role',
            DefinitionString: '{"a":"${fn}","b":"${other}"}',
            DefinitionSubstitutions: { fn: { Ref: 'Table' } },
            LoggingConfiguration: {
              Level: 'ALL',
              Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: 'arn:logs' } }],
            },
          },
        },
        Task: {
          Type: 'AWS::ECS::TaskDefinition',
          Properties: {
            Family: 'web',
            ContainerDefinitions: [
              {
                Name: 'web',
                DockerLabels: { Owner: 'Me' },
                LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'web' } },
              },
            ],
          },
        },
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'failing' } },
      },
    });
    const { recorded, resources } = await stack;

    expect(recorder.of('CreateRole')).toEqual([
      { RoleName: 'runner', AssumeRolePolicyDocument: JSON.stringify(policy) },
    ]);
    expect(recorder.of('PutRolePolicy')).toEqual([
      { RoleName: 'runner', PolicyName: 'inline', PolicyDocument: JSON.stringify(policy) },
    ]);
    expect(recorder.of('AttachRolePolicy')).toEqual([{ RoleName: 'runner', PolicyArn: 'arn:managed' }]);
    expect(recorder.of('CreateTable')).toEqual([{ TableName: 'landfall', BillingMode: 'PAY_PER_REQUEST' }]);
    expect(recorder.of('UpdateTimeToLive')).toHaveLength(1);
    expect(recorder.of('CreateProject')).toEqual([
      {
        name: 'build',
        serviceRole: 'arn:aws:iam::111122223333:role/runner',
        source: { type: 'GITHUB', buildspec: 'buildspec.yml' },
        environment: { environmentVariables: [{ name: 'A', value: 'b' }] },
      },
    ]);
    expect(recorder.of('CreateWebhook')).toEqual([
      { projectName: 'build', filterGroups: [[{ type: 'EVENT', pattern: 'PUSH' }]] },
    ]);
    expect(recorder.of('CreateStateMachine')).toEqual([
      {
        name: 'deploy',
        type: 'STANDARD',
        roleArn: 'arn:role',
        definition: '{"a":"landfall","b":"${other}"}',
        loggingConfiguration: {
          level: 'ALL',
          destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: 'arn:logs' } }],
        },
      },
    ]);
    expect(recorder.of('RegisterTaskDefinition')).toEqual([
      {
        family: 'web',
        containerDefinitions: [
          {
            name: 'web',
            dockerLabels: { Owner: 'Me' },
            logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'web' } },
          },
        ],
      },
    ]);
    expect(resources.Table).toMatchObject({ physicalId: 'landfall', attributes: { Arn: 'arn:table' } });
    expect(recorded).toEqual([
      { logicalId: 'Table', type: 'AWS::DynamoDB::Table', property: 'PointInTimeRecoverySpecification' },
      { logicalId: 'Alarm', type: 'AWS::CloudWatch::Alarm' },
    ]);
  });

  it('creates functions from the packages beside the template, and they run', async () => {
    const { context, remove } = testContext();
    const lambda = createLambda(context, lambdaNeeds());
    cleanups.push(remove, () => lambda.close());
    const assetsDirectory = join(context.directory, 'assets');
    mkdirSync(assetsDirectory);
    writeFileSync(
      join(assetsDirectory, 'greet.zip'),
      zipSync({
        'greet.mjs': strToU8('export const handler = async ({ name }) => `${process.env.WORD} ${name}`;'),
      }),
    );
    const role = 'arn:aws:iam::111122223333:role/greet';

    const stack = await deployStack(context, {
      services: createServiceCalls(context, [lambda.definition]),
      assetsDirectory,
      template: {
        Resources: {
          Greet: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              Handler: 'greet.handler',
              Role: role,
              Runtime: 'nodejs24.x',
              Timeout: '6',
              Code: { S3Bucket: 'deployment', S3Key: 'serverless/landfall/dev/1/greet.zip' },
              Environment: { Variables: { WORD: 'hello' } },
            },
          },
          Inline: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              FunctionName: 'inline',
              Handler: 'index.handler',
              Role: role,
              Runtime: 'nodejs24.x',
              Code: { ZipFile: 'exports.handler = async () => 1;' },
            },
          },
          Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Greet' } } },
          Permission: {
            Type: 'AWS::Lambda::Permission',
            Properties: {
              FunctionName: { 'Fn::GetAtt': ['Greet', 'Arn'] },
              Action: 'lambda:InvokeFunction',
              Principal: 'events.amazonaws.com',
            },
          },
        },
      },
    });

    const { Greet, Version } = stack.resources;
    expect(Greet?.physicalId).toMatch(/^landfall-Greet-[0-9A-F]{12}$/);
    expect(await lambda.invoke(String(Version?.physicalId), '{"name":"harbour"}')).toMatchObject({
      payload: '"hello harbour"',
    });
    expect(await lambda.invoke('inline', '{}')).toMatchObject({ payload: '1' });
    expect(
      lambda.allows(String(Greet?.physicalId), { principal: 'events.amazonaws.com', sourceArn: 'arn:any' }),
    ).toBe(true);
    await stack.delete();
    await expect(lambda.invoke('inline', '{}')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});
