import { createClusters } from '#lib/aws/ecs/clusters.ts';
import { createEcsServices, type EcsServices } from '#lib/aws/ecs/services.ts';
import { createTaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import { createTasks } from '#lib/aws/ecs/tasks.ts';
import { createImages } from '#lib/aws/images.ts';
import { createPrerequisites } from '#lib/aws/prerequisites.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { migrationStartedByOf } from '#lib/deployment/naming.ts';
import {
  findPlacementProblem,
  minimumHealthyPercentOf,
  placementNeedOf,
} from '#lib/deployment/release/placement.ts';
import { rolesOf, secretsOf, type TaskDefinitionTemplate } from '#lib/deployment/release/task-definition.ts';
import * as templates from './templates.ts';

const clusters = createClusters();
const services = createEcsServices();
const tasks = createTasks();
const taskDefinitions = createTaskDefinitions();
const images = createImages();
const prerequisites = createPrerequisites();

type RunningService = Awaited<ReturnType<EcsServices['describe']>>;

/**
 * The pre-flight: throws everything that can be known to fail before anything changes. Returns the service as it runs.
 */
export async function verify(document: DeploymentDocument): Promise<RunningService> {
  const { settings, release } = document;
  await clusters.assertActive(settings.cluster);
  const running = await services.describe(settings.cluster, settings.service);
  if (running !== undefined && running.status !== 'ACTIVE')
    throw new DeploymentError('ServiceUnusable', `${settings.service} is ${running.status}`);
  if (release.taskDefinition === undefined) await verifyTemplates(document, running);
  else await verifyRevision(release.taskDefinition);
  return running;
}

async function verifyPrerequisites(template: TaskDefinitionTemplate, allowed: string[]) {
  for (const role of rolesOf(template)) {
    if (!allowed.includes(role))
      throw new DeploymentError('RoleNotFound', `${role} is not among the roles of services.yml`);
    if (!(await prerequisites.roleExists(role)))
      throw new DeploymentError('RoleNotFound', `${role} does not exist`);
  }
  for (const secret of secretsOf(template)) {
    if (!(await prerequisites.secretExists(secret))) throw new DeploymentError('SecretNotFound', secret);
  }
}

async function verifyPlacement(
  document: DeploymentDocument,
  template: TaskDefinitionTemplate,
  running: RunningService,
) {
  const { settings, release } = document;
  const definition = running ?? (await templates.service(document));
  // Fargate and capacity providers bring their own room.
  if (definition.launchType === 'FARGATE' || definition.capacityProviderStrategy !== undefined) return;
  const problem = findPlacementProblem(
    placementNeedOf(template),
    await clusters.instances(settings.cluster),
    {
      desiredCount: definition.desiredCount ?? 1,
      minimumHealthyPercent: minimumHealthyPercentOf(definition),
      inTransition: running !== undefined && !isSteady(running),
      migratesFirst:
        settings.migration?.when === 'before' && release.bundle !== undefined && !release.skipMigration,
    },
  );
  if (problem !== undefined && !(await isMigrating(document)))
    throw new DeploymentError('PlacementImpossible', problem);
}

/** A deployment that was aborted has left its migration running. Its room comes back: RunMigration waits for its end. */
const isMigrating = async ({ service, settings }: DeploymentDocument) =>
  (await tasks.unfinishedOf(settings.cluster, migrationStartedByOf(service))).length > 0;

async function verifyTemplates(document: DeploymentDocument, running: RunningService) {
  const { settings, release } = document;
  await images.digestOf(settings.repository, { digest: release.digest });
  const template = await templates.taskDefinition(document);
  if (settings.migration !== undefined && release.bundle !== undefined) await templates.overrides(document);
  await verifyPrerequisites(template, settings.roles);
  await verifyPlacement(document, template, running);
}

async function verifyRevision(taskDefinition: string) {
  const status = (await taskDefinitions.describe(taskDefinition))?.status;
  if (status !== 'ACTIVE')
    throw new DeploymentError('TaskDefinitionRejected', `${taskDefinition} is ${status ?? 'not there'}`);
}

/** One deployment, and all of its tasks run. */
const isSteady = ({ deployments = [], desiredCount, runningCount }: NonNullable<RunningService>) =>
  deployments.length === 1 && runningCount === desiredCount;
