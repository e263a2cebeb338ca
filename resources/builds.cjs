// One ECR repository and one CodeBuild project for each service that has a source.
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

function role(name, repositoryId) {
  const logs = `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/codebuild/\${self:custom.prefix}${name}`;
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
                Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
                Resource: [sub(logs), sub(`${logs}:*`)],
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
                Resource: [{ 'Fn::GetAtt': [repositoryId, 'Arn'] }],
              },
              { Effect: 'Allow', Action: ['s3:PutObject'], Resource: [sub(`\${Artifacts.Arn}/${name}/*`)] },
            ],
          },
        },
      ],
    },
  };
}

/** CodeBuild's own default for the project; declared, so that it ends like the functions' logs and queries can name it. */
const logs = (name) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName: `/aws/codebuild/\${self:custom.prefix}${name}`, RetentionInDays: 90 },
});

function project({ name, source }, repositoryId, roleId) {
  return {
    Type: 'AWS::CodeBuild::Project',
    Properties: {
      Name: `\${self:custom.prefix}${name}`,
      Description: `Builds ${name} for Landfall`,
      ServiceRole: { 'Fn::GetAtt': [roleId, 'Arn'] },
      Source: { Type: 'GITHUB', Location: source.location, GitCloneDepth: 0, BuildSpec: buildspec },
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
          { Name: 'REPOSITORY_URI', Value: { 'Fn::GetAtt': [repositoryId, 'RepositoryUri'] } },
        ],
      },
      Artifacts: {
        Type: 'S3',
        Location: { Ref: 'Artifacts' },
        Path: name,
        NamespaceType: 'BUILD_ID',
        Name: 'bundle',
        Packaging: 'NONE',
      },
      TimeoutInMinutes: 30,
    },
  };
}

module.exports.resources = () => {
  const resources = {};
  for (const service of services) {
    const id = logicalName(service.name);
    resources[`${id}Repository`] = repository(service);
    if (service.source === undefined) continue;
    resources[`${id}BuildLogs`] = logs(service.name);
    resources[`${id}BuildRole`] = role(service.name, `${id}Repository`);
    resources[`${id}Build`] = project(service, `${id}Repository`, `${id}BuildRole`);
  }
  return { Resources: resources };
};
