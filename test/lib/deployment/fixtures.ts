import type { DeploymentDocument, LastKnownGood, Release } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { EcsDeployment, ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import { ServiceSettings } from '#lib/deployment/settings.ts';

/** The moment at which things are decided in these tests. */
export const NOON = Date.parse('2026-03-02T12:00:00Z');

export const DIGEST = `sha256:${'a1'.repeat(32)}`;

type Given<T> = { [Key in keyof T]?: unknown };

/** The book's webapp as services.yml could have it, with the schema's own defaults. */
export const settings = (given: Given<ServiceSettings> = {}): ServiceSettings =>
  ServiceSettings.parse({
    cluster: 'ecs-cluster',
    service: 'webapp-service',
    repository: 'webapp',
    container: 'webapp',
    taskDefinition: 'ecs/task-definitions/webapp.json',
    serviceDefinition: 'ecs/services/webapp-service.json',
    ...given,
  });

export const release = (given: Partial<Release> = {}): Release => ({
  image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/webapp',
  digest: DIGEST,
  commit: '0123456789abcdef0123456789abcdef01234567',
  build: { id: 'landfall-dev-webapp:7d0c', number: 7, startedAt: 1_700_000_000_000 },
  bundle: { bucket: 'landfall-artifacts', prefix: 'webapp/7d0c/bundle' },
  ...given,
});

export const document = (given: Partial<DeploymentDocument> = {}): DeploymentDocument => ({
  deployment: 'webapp-0123456789ab-7',
  service: 'webapp',
  settings: settings(),
  trigger: { kind: 'push', requestedBy: 'pacuna' },
  release: release(),
  ...given,
});

export const revision = (number: number) =>
  `arn:aws:ecs:us-east-1:123456789012:task-definition/webapp:${number}`;

export const lastKnownGood = (given: Partial<LastKnownGood> = {}): LastKnownGood => ({
  deployment: 'webapp-fedcba987654-6',
  taskDefinition: revision(6),
  at: NOON - 86_400_000,
  ...given,
});

/** The deployment that these tests wait for. */
export const OURS = 'ecs-svc/0000000000000000007';

export const ecsDeployment = (given: Partial<EcsDeployment> = {}): EcsDeployment => ({
  id: OURS,
  status: 'PRIMARY',
  taskDefinition: revision(7),
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  failedTasks: 0,
  rolloutState: 'COMPLETED',
  ...given,
});

export const observedService = (given: Partial<ServiceObservation> = {}): ServiceObservation => ({
  status: 'ACTIVE',
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  taskDefinition: revision(7),
  deployments: [ecsDeployment()],
  events: [],
  ...given,
});

export const taskArn = (id: string) => `arn:aws:ecs:us-east-1:123456789012:task/ecs-cluster/${id}`;

export const stoppedTask = (given: Partial<TaskObservation> = {}): TaskObservation => ({
  taskArn: taskArn('1'),
  lastStatus: 'STOPPED',
  startedBy: OURS,
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  stoppedAt: NOON,
  containers: [{ name: 'webapp', essential: true, exitCode: 1 }],
  ...given,
});

/** The error that an act fails with; anything else but a DeploymentError fails the test with it. */
export function failureOf(act: () => unknown): DeploymentError {
  try {
    act();
  } catch (error) {
    if (error instanceof DeploymentError) return error;
    throw error;
  }
  throw new Error('It did not fail');
}
