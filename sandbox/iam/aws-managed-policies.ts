import { parsePolicy } from './policy.ts';
import type { StoredPolicy } from './store.ts';

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

function allow(...actions: string[]): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}

/** The AWS managed policies that templates commonly name, as the AWS managed policy reference has them. */
const documents: Record<string, object> = {
  AdministratorAccess: allow('*'),
  'service-role/AWSLambdaBasicExecutionRole': allow(...logs),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(
    ...logs,
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ),
  AWSXRayDaemonWriteAccess: allow(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
  'service-role/AmazonECSTaskExecutionRolePolicy': allow(
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  AmazonEC2ContainerRegistryReadOnly: allow(
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:GetRepositoryPolicy',
    'ecr:DescribeRepositories',
    'ecr:ListImages',
    'ecr:DescribeImages',
    'ecr:BatchGetImage',
    'ecr:GetLifecyclePolicy',
    'ecr:GetLifecyclePolicyPreview',
    'ecr:ListTagsForResource',
    'ecr:DescribeImageScanFindings',
  ),
  'service-role/AmazonEC2ContainerServiceforEC2Role': allow(
    'ec2:DescribeTags',
    'ecs:CreateCluster',
    'ecs:DeregisterContainerInstance',
    'ecs:DiscoverPollEndpoint',
    'ecs:Poll',
    'ecs:RegisterContainerInstance',
    'ecs:StartTelemetrySession',
    'ecs:UpdateContainerInstancesState',
    'ecs:Submit*',
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
};

/** An AWS managed policy by its ARN; undefined for those that are not held here. */
export function awsManagedPolicy(arn: string): StoredPolicy | undefined {
  const document = arn.startsWith('arn:aws:iam::aws:policy/')
    ? documents[arn.slice('arn:aws:iam::aws:policy/'.length)]
    : undefined;
  if (!document) return undefined;
  const text = JSON.stringify(document);
  return { text, document: parsePolicy(text, 'identity') };
}
