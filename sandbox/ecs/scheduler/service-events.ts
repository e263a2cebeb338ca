import type { Ecs, ServiceRecord } from '../state.ts';

const eventsKept = 100;

/** A line of DescribeServices' events[], newest first: `(service NAME) …`. */
export function addServiceEvent(ecs: Ecs, service: ServiceRecord, what: string): void {
  service.events.unshift({
    id: ecs.context.random.uuid(),
    createdAt: new Date(ecs.context.clock.now()),
    message: `(service ${service.name}) ${what}`,
  });
  service.events.splice(eventsKept);
}

type ServiceAction =
  | { eventType: 'INFO'; eventName: 'SERVICE_STEADY_STATE' }
  | { eventType: 'WARN'; eventName: 'SERVICE_TASK_START_IMPAIRED' }
  | {
      eventType: 'ERROR';
      eventName: 'SERVICE_TASK_PLACEMENT_FAILURE';
      containerInstanceArns: string[];
      reason: string;
    }
  | { eventType: 'ERROR'; eventName: 'SERVICE_TASK_CONFIGURATION_FAILURE'; reason: string };

/** An "ECS Service Action" event. */
export function emitServiceAction(ecs: Ecs, service: ServiceRecord, action: ServiceAction): void {
  ecs.context.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Service Action',
    resources: [service.arn],
    detail: {
      ...action,
      clusterArn: service.cluster.cluster.clusterArn,
      createdAt: new Date(ecs.context.clock.now()).toISOString(),
    },
  });
}

type DeploymentEvent =
  | 'SERVICE_DEPLOYMENT_IN_PROGRESS'
  | 'SERVICE_DEPLOYMENT_COMPLETED'
  | 'SERVICE_DEPLOYMENT_FAILED';

/** An "ECS Deployment State Change" event. */
export function emitDeploymentChange(
  ecs: Ecs,
  service: ServiceRecord,
  deploymentId: string,
  eventName: DeploymentEvent,
  reason: string,
): void {
  ecs.context.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: eventName === 'SERVICE_DEPLOYMENT_FAILED' ? 'ERROR' : 'INFO',
      eventName,
      deploymentId,
      updatedAt: new Date(ecs.context.clock.now()).toISOString(),
      reason,
    },
  });
}
