import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  type ECSClient,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { ActingCall } from '#lib/aws/sdk/acting-call.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { minimumHealthyPercentOf } from '#lib/deployment/release/placement.ts';
import type { renderService } from '#lib/deployment/release/service-definition.ts';
import type { ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';
import { ecsClient } from './client.ts';

export type { Service };

export interface EcsServices {
  /** As ECS returns it; undefined when there is none or it has been deleted. */
  describe(cluster: string, service: string): Promise<Service | undefined>;
  observe(cluster: string, service: string): Promise<ServiceObservation | undefined>;
  /** Both return the id of the deployment that they started. They fail with RolloutRejected when ECS refuses. */
  create(input: ReturnType<typeof renderService>, call: ActingCall): Promise<string>;
  update(
    input: { cluster: string; service: string; taskDefinition: string; forceNewDeployment?: boolean },
    call: ActingCall,
  ): Promise<string>;
}

export function createEcsServices(ecs: ECSClient = ecsClient()): EcsServices {
  async function describe(cluster: string, service: string): Promise<Service | undefined> {
    try {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
      return services?.find((each) => each.status !== 'INACTIVE');
    } catch (error) {
      if (hasName(error, 'ClusterNotFoundException')) {
        throw new DeploymentError('ClusterNotFound', cluster, { cause: error });
      }
      throw error;
    }
  }

  return {
    describe,

    async observe(cluster, service) {
      const found = await describe(cluster, service);
      return found === undefined ? undefined : observeService(found);
    },

    async create(input, call) {
      const command = call.watch(new CreateServiceCommand(input as CreateServiceCommandInput));
      const { service } = await ecs.send(command, call.options).catch(throwRejected);
      return primaryOf(service);
    },

    async update(input, call) {
      const command = call.watch(new UpdateServiceCommand(input));
      const { service } = await ecs.send(command, call.options).catch(throwRejected);
      return primaryOf(service);
    },
  };
}

const REJECTIONS = [
  'InvalidParameterException',
  'ClientException',
  'ServiceNotActiveException',
  'ServiceNotFoundException',
  'PlatformUnknownException',
  'PlatformTaskDefinitionIncompatibilityException',
  'UnsupportedFeatureException',
  'NamespaceNotFoundException',
];

function throwRejected(error: unknown): never {
  if (hasName(error, ...REJECTIONS)) {
    const { name, message } = error as Error;
    throw new DeploymentError('RolloutRejected', `${name}: ${message.replace(/\.$/, '')}`, { cause: error });
  }
  throw error;
}

function primaryOf(service: Service | undefined): string {
  const primary = service?.deployments?.find((each) => each.status === 'PRIMARY');
  if (primary?.id === undefined) {
    throw new DeploymentError('RolloutRejected', 'ECS answered without a primary deployment');
  }
  return primary.id;
}

/** What the decisions need of a service. */
export function observeService(service: Service): ServiceObservation {
  return {
    status: service.status ?? 'UNKNOWN',
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    pendingCount: service.pendingCount ?? 0,
    taskDefinition: service.taskDefinition ?? '',
    minimumHealthyPercent: minimumHealthyPercentOf(service),
    deployments: (service.deployments ?? []).map((each) => ({
      id: each.id ?? '',
      status: each.status ?? '',
      taskDefinition: each.taskDefinition ?? '',
      desiredCount: each.desiredCount ?? 0,
      runningCount: each.runningCount ?? 0,
      pendingCount: each.pendingCount ?? 0,
      failedTasks: each.failedTasks ?? 0,
      rolloutState: each.rolloutState,
      rolloutStateReason: each.rolloutStateReason,
    })),
    events: (service.events ?? []).map((each) => ({
      at: each.createdAt?.getTime() ?? 0,
      message: each.message ?? '',
    })),
  };
}
