import { createBundles } from '#lib/aws/bundles.ts';
import { type Claims, tableClaims } from '#lib/aws/claims.ts';
import { type Clusters, createClusters } from '#lib/aws/ecs/clusters.ts';
import { createEcsServices, type EcsServices } from '#lib/aws/ecs/services.ts';
import { createTaskDefinitions, type TaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import { createImages, type Images } from '#lib/aws/images.ts';
import { createPrerequisites, type Prerequisites } from '#lib/aws/prerequisites.ts';
import { createTemplates, type Templates } from '#lib/aws/templates.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { minimumHealthyPercentOf, placementNeed, placementProblem } from '#lib/deployment/placement.ts';
import { rolesOf, secretsOf, type TaskDefinitionTemplate } from '#lib/deployment/task-definition.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';

interface Needs {
  claims: Pick<Claims, 'rejoin'>;
  clusters: Clusters;
  services: Pick<EcsServices, 'describe'>;
  taskDefinitions: Pick<TaskDefinitions, 'describe'>;
  images: Images;
  templates: Templates;
  prerequisites: Prerequisites;
}

type RunningService = Awaited<ReturnType<EcsServices['describe']>>;

/** Pre-flight: everything that can be known to fail is told before anything changes. */
export function createVerifyRelease(needs: Needs): StateHandler {
  const { claims, clusters, services, taskDefinitions, images, templates, prerequisites } = needs;

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
    const definition = running ?? (await templates.service(document));
    // Fargate and capacity providers bring their own room.
    if (definition.launchType === 'FARGATE' || definition.capacityProviderStrategy !== undefined) return;
    const problem = placementProblem(
      placementNeed(template),
      await clusters.instances(document.settings.cluster),
      {
        desiredCount: definition.desiredCount ?? 1,
        minimumHealthyPercent: minimumHealthyPercentOf(definition),
      },
    );
    if (problem !== undefined) throw new DeploymentError('PlacementImpossible', problem);
  }

  async function verifyTemplates(document: DeploymentDocument, running: RunningService) {
    const { settings, release } = document;
    await images.digestOf(settings.repository, { digest: release.digest });
    const template = await templates.taskDefinition(document);
    if (settings.migration !== undefined && release.bundle !== undefined) await templates.overrides(document);
    await verifyPrerequisites(template, settings.roles);
    await verifyPlacement(document, template, running);
  }

  return async (input) => {
    const document = await claims.rejoin(input);
    const { settings, release } = document;
    await clusters.assertActive(settings.cluster);
    const running = await services.describe(settings.cluster, settings.service);
    if (running !== undefined && running.status !== 'ACTIVE') {
      throw new DeploymentError('ServiceUnusable', `${settings.service} is ${running.status}`);
    }
    if (release.taskDefinition === undefined) {
      await verifyTemplates(document, running);
    } else {
      const status = (await taskDefinitions.describe(release.taskDefinition))?.status;
      if (status !== 'ACTIVE') {
        throw new DeploymentError(
          'TaskDefinitionRejected',
          `${release.taskDefinition} is ${status ?? 'not there'}`,
        );
      }
    }
    return {
      ...document,
      running: running?.taskDefinition ? { taskDefinition: running.taskDefinition } : null,
    };
  };
}

const services = createEcsServices();
const taskDefinitions = createTaskDefinitions();

export const handler = forState(
  createVerifyRelease({
    claims: tableClaims(),
    clusters: createClusters(),
    services,
    taskDefinitions,
    images: createImages(),
    templates: createTemplates(createBundles(), taskDefinitions, services),
    prerequisites: createPrerequisites(),
  }),
);
