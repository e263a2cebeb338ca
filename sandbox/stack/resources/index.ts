import * as apiGateway from './apigatewayv2.ts';
import { codebuildProject } from './codebuild-project.ts';
import { dynamodbTable } from './dynamodb-table.ts';
import { ecrRepository } from './ecr-repository.ts';
import * as ecs from './ecs.ts';
import { classicLoadBalancer } from './elasticloadbalancing-load-balancer.ts';
import * as balancing from './elasticloadbalancingv2.ts';
import { eventsEventBus } from './events-event-bus.ts';
import { eventsRule } from './events-rule.ts';
import * as iam from './iam.ts';
import { lambdaEventInvokeConfig } from './lambda-event-invoke-config.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaPermission } from './lambda-permission.ts';
import { lambdaVersion } from './lambda-version.ts';
import { logsLogGroup } from './logs-log-group.ts';
import { alarm, dashboard, metricFilter, queryDefinition } from './recorded.ts';
import type { ResourceType } from './resource-type.ts';
import * as s3 from './s3.ts';
import * as sns from './sns.ts';
import * as sqs from './sqs.ts';
import { stateMachine } from './stepfunctions-state-machine.ts';

/** Every type of resource that a template may declare here. A type that is not listed is an error, never skipped. */
export const resourceTypes: Record<string, ResourceType> = {
  'AWS::ApiGatewayV2::Api': apiGateway.api,
  'AWS::ApiGatewayV2::Authorizer': apiGateway.authorizer,
  'AWS::ApiGatewayV2::Deployment': apiGateway.deployment,
  'AWS::ApiGatewayV2::Integration': apiGateway.integration,
  'AWS::ApiGatewayV2::Route': apiGateway.route,
  'AWS::ApiGatewayV2::Stage': apiGateway.stage,
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': dashboard,
  'AWS::CodeBuild::Project': codebuildProject,
  'AWS::DynamoDB::Table': dynamodbTable,
  'AWS::ECR::Repository': ecrRepository,
  'AWS::ECS::Cluster': ecs.cluster,
  'AWS::ECS::Service': ecs.service,
  'AWS::ECS::TaskDefinition': ecs.taskDefinition,
  'AWS::ElasticLoadBalancing::LoadBalancer': classicLoadBalancer,
  'AWS::ElasticLoadBalancingV2::Listener': balancing.listener,
  'AWS::ElasticLoadBalancingV2::ListenerRule': balancing.listenerRule,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': balancing.loadBalancer,
  'AWS::ElasticLoadBalancingV2::TargetGroup': balancing.targetGroup,
  'AWS::Events::EventBus': eventsEventBus,
  'AWS::Events::Rule': eventsRule,
  'AWS::IAM::ManagedPolicy': iam.managedPolicy,
  'AWS::IAM::Policy': iam.policy,
  'AWS::IAM::Role': iam.role,
  'AWS::Lambda::EventInvokeConfig': lambdaEventInvokeConfig,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': lambdaPermission,
  'AWS::Lambda::Version': lambdaVersion,
  'AWS::Logs::LogGroup': logsLogGroup,
  'AWS::Logs::MetricFilter': metricFilter,
  'AWS::Logs::QueryDefinition': queryDefinition,
  'AWS::S3::Bucket': s3.bucket,
  'AWS::S3::BucketPolicy': s3.bucketPolicy,
  'AWS::SNS::Subscription': sns.subscription,
  'AWS::SNS::Topic': sns.topic,
  'AWS::SNS::TopicPolicy': sns.topicPolicy,
  'AWS::SQS::Queue': sqs.queue,
  'AWS::SQS::QueuePolicy': sqs.queuePolicy,
  'AWS::StepFunctions::StateMachine': stateMachine,
};
