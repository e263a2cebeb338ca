// One CodeBuild project for each service that has a source, and the ECR repositories that are not there already.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { logicalName, services } = require('./services.cjs');

// Inline, so that an application needs no buildspec of its own.
const buildspec = readFileSync(join(__dirname, '..', 'buildspec.yml'), 'utf8');
const sub = (text) => ({ 'Fn::Sub': text });
const escapeRegExp = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function repository({ repository: RepositoryName }) {
  return {
    Type: 'AWS::ECR::Repository',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      RepositoryName,
      // A tag is a commit and never changes its meaning.
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
    },
  };
}

/** By name, so that a repository of this stack and one that was there before are the same to the builds. */
const arnOf = ({ repository: name }) =>
  sub(`arn:\${AWS::Partition}:ecr:\${AWS::Region}:\${AWS::AccountId}:repository/${name}`);
const uriOf = ({ repository: name }) =>
  sub(`\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.\${AWS::URLSuffix}/${name}`);

/** CodeBuild's own default, declared: it ends like the functions' logs instead of never, and queries can name it. */
const logGroup = ({ name }) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName: `/aws/codebuild/\${self:custom.prefix}${name}`, RetentionInDays: 90 },
});

/** What a project needs of a CodeConnections connection, under the service's name and its former one. */
const connect = ({ source: { connection } }) =>
  connection === undefined
    ? []
    : [
        {
          Effect: 'Allow',
          Action: ['codeconnections', 'codestar-connections'].flatMap((service) => [
            `${service}:GetConnection`,
            `${service}:GetConnectionToken`,
          ]),
          Resource: [connection],
        },
      ];

function role(service, logsId) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        {
          PolicyName: 'build',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                // It ends in :*, as the streams of a group do.
                Resource: [{ 'Fn::GetAtt': [logsId, 'Arn'] }],
              },
              { Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: '*' },
              {
                Effect: 'Allow',
                Action: [
                  'ecr:BatchCheckLayerAvailability',
                  'ecr:BatchGetImage',
                  'ecr:CompleteLayerUpload',
                  'ecr:DescribeImages',
                  'ecr:GetDownloadUrlForLayer',
                  'ecr:InitiateLayerUpload',
                  'ecr:PutImage',
                  'ecr:UploadLayerPart',
                ],
                Resource: [arnOf(service)],
              },
              {
                Effect: 'Allow',
                Action: ['s3:PutObject'],
                Resource: [sub(`\${Artifacts.Arn}/${service.name}/*`)],
              },
              ...connect(service),
            ],
          },
        },
      ],
    },
  };
}

function project(service, roleId, logsId) {
  const { name, source } = service;
  return {
    Type: 'AWS::CodeBuild::Project',
    Properties: {
      Name: `\${self:custom.prefix}${name}`,
      Description: `Builds ${name} for Landfall`,
      ServiceRole: { 'Fn::GetAtt': [roleId, 'Arn'] },
      Source: {
        Type: 'GITHUB',
        Location: source.location,
        GitCloneDepth: 0,
        BuildSpec: buildspec,
        ...(source.connection === undefined
          ? {}
          : { Auth: { Type: 'CODECONNECTIONS', Resource: source.connection } }),
      },
      SourceVersion: `refs/heads/${source.branch ?? 'main'}`,
      Triggers: {
        Webhook: true,
        FilterGroups: [
          [
            { Type: 'EVENT', Pattern: 'PUSH' },
            { Type: 'HEAD_REF', Pattern: `^refs/heads/${escapeRegExp(source.branch ?? 'main')}$` },
          ],
        ],
      },
      Environment: {
        Type: 'LINUX_CONTAINER',
        ComputeType: 'BUILD_GENERAL1_SMALL',
        Image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
        // docker build needs it.
        PrivilegedMode: true,
        EnvironmentVariables: [
          { Name: 'SERVICE', Value: name },
          { Name: 'REPOSITORY_URI', Value: uriOf(service) },
        ],
      },
      Artifacts: {
        Type: 'S3',
        Location: { Ref: 'Artifacts' },
        Path: name,
        // A folder for each build: none overwrites another's bundle.
        NamespaceType: 'BUILD_ID',
        Name: 'bundle',
        Packaging: 'NONE',
      },
      LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: { Ref: logsId } } },
      TimeoutInMinutes: 30,
    },
  };
}

/** The resources of these services: entries of services.yml with their names. */
module.exports.buildResources = (entries) => {
  const resources = {};
  const created = new Set();
  for (const service of entries) {
    const id = logicalName(service.name);
    // Services may share a repository.
    if (service.createRepository !== false && !created.has(service.repository)) {
      created.add(service.repository);
      resources[`${id}Repository`] = repository(service);
    }
    if (service.source === undefined) continue;
    resources[`${id}BuildLogs`] = logGroup(service);
    resources[`${id}BuildRole`] = role(service, `${id}BuildLogs`);
    resources[`${id}Build`] = project(service, `${id}BuildRole`, `${id}BuildLogs`);
  }
  return resources;
};

module.exports.resources = () => ({ Resources: module.exports.buildResources(services) });
