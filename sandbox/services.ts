import { createBalancers } from './balancers/balancers.ts';
import type { BalancersOptions } from './balancers/options.ts';
import { createCodeBuild } from './codebuild/codebuild.ts';
import type { CodeBuildOptions } from './codebuild/needs.ts';
import type { ContainerRuntime } from './containers/runtime.ts';
import { createServiceCalls, type ServiceCalls } from './core/calls.ts';
import { createHostNetwork } from './core/network.ts';
import type { Caller, SandboxContext, ServiceDefinition } from './core/service.ts';
import { createDynamodb } from './dynamodb/dynamodb.ts';
import { createEcr } from './ecr/ecr.ts';
import { createImages } from './ecr/images.ts';
import { createEcs } from './ecs/ecs.ts';
import type { EcsOptions } from './ecs/options.ts';
import { createEvents, type EventsOptions } from './events/events.ts';
import { createGit } from './git/git.ts';
import { createHttpApi } from './http-api/http-api.ts';
import { createIam } from './iam/iam.ts';
import { createLambda, type LambdaOptions } from './lambda/lambda.ts';
import { createLogs } from './logs/logs.ts';
import { createRds } from './rds/rds.ts';
import { createS3 } from './s3/s3.ts';
import { createSecrets } from './secretsmanager/secrets.ts';
import { createSns } from './sns/sns.ts';
import { createSqs } from './sqs/sqs.ts';
import { createStates } from './states/states.ts';
import { createSts } from './sts/sts.ts';
import type { WireRequest } from './wire/messages.ts';
import { createXray, type XrayOptions } from './xray/xray.ts';

/** What can be set of the services: durations, limits, and how events travel. */
export interface ServiceOptions {
  ecs?: EcsOptions;
  balancers?: BalancersOptions;
  codebuild?: CodeBuildOptions;
  events?: EventsOptions;
  lambda?: LambdaOptions;
  xray?: XrayOptions;
  /** What runs containers: real processes unless a simulation brings its own. */
  runtime?: ContainerRuntime;
}

export type Services = ReturnType<typeof createServices>;

/** Makes all services of the local AWS and wires them to one another. */
export function createServices(
  context: SandboxContext,
  options: ServiceOptions,
  verifySignature: (request: WireRequest) => Promise<Caller>,
) {
  const definitions: ServiceDefinition[] = [];
  // Looked up when a call is made, so that the order in which services are made does not matter.
  const calls: ServiceCalls = {
    call: (service, operation, input) =>
      createServiceCalls(context, definitions).call(service, operation, input),
  };
  const network = createHostNetwork();
  const iam = createIam(context);
  const logs = createLogs(context);
  const secrets = createSecrets(context);
  const sqs = createSqs(context);
  const s3 = createS3(context, { iam });
  const dynamodb = createDynamodb(context);
  const rds = createRds(context);
  const xray = createXray(context, { iam }, options.xray);
  const lambda = createLambda(context, { iam, logs, xray, services: calls }, options.lambda);
  const sns = createSns(context, { lambda, services: calls });
  const events = createEvents(context, { lambda, services: calls, iam }, options.events);
  const states = createStates(context, { lambda, iam, xray });
  const balancers = createBalancers(context, { network }, options.balancers);
  const images = createImages(context);
  const ecr = createEcr(context, { images });
  const ecs = createEcs(
    context,
    { balancers, network, images, logs, secrets, iam, ...runtimeOf(options) },
    options.ecs,
  );
  const git = createGit(context, { onPush: (push) => codebuild.onPush(push) });
  const codebuild = createCodeBuild(context, { iam, logs, calls, git }, options.codebuild);
  const httpApi = createHttpApi(context, { lambda, iam, logs, verifySignature });
  const sts = createSts(context, { iam });

  for (const part of [
    iam,
    sts,
    logs,
    sns,
    sqs,
    s3,
    dynamodb,
    rds,
    lambda,
    events,
    states,
    ecr,
    ecs,
    codebuild,
    httpApi,
    xray,
  ]) {
    definitions.push(part.definition);
  }
  definitions.push(...balancers.definitions, ...secrets.definitions);

  return {
    definitions,
    calls,
    iam,
    logs,
    sns,
    rds,
    lambda,
    events,
    states,
    balancers,
    images,
    ecs,
    git,
    codebuild,
    httpApi,
    network,
    addInstance: ecs.addInstance,
    /** What stopped last was started first: whoever calls others stops before them. */
    async close() {
      for (const part of [codebuild, states, events, ecs, lambda, balancers, rds, sns, sqs, dynamodb])
        await part.close();
    },
  };
}

const runtimeOf = ({ runtime }: ServiceOptions) => (runtime === undefined ? {} : { runtime });
