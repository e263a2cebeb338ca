import * as z from 'zod';
import { createBundles } from '#lib/aws/bundles.ts';
import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { createTaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { parseBundleFile } from '#lib/deployment/release/release.ts';
import { ServiceTemplate } from '#lib/deployment/release/service-definition.ts';
import {
  assertFamily,
  renderTaskDefinition,
  TaskDefinitionTemplate,
  templateOf,
} from '#lib/deployment/release/task-definition.ts';

/* The files of the release's ecs/ folder. All fail with BundleUnreadable when a file is missing or malformed. */

const bundles = createBundles();
const services = createEcsServices();
const taskDefinitions = createTaskDefinitions();

/** RunTask's overrides, as the seed's migrate-overrides.json has them. */
export const Overrides = z.looseObject({
  containerOverrides: z
    .array(z.looseObject({ name: z.string().min(1), command: z.array(z.string()).optional() }))
    .min(1),
});
export type Overrides = z.infer<typeof Overrides>;

/** The task definition with the release's image in it. Without a bundle, the running one is the template. */
export async function taskDefinition(document: DeploymentDocument): Promise<TaskDefinitionTemplate> {
  const { release, settings } = document;
  const template =
    release.bundle === undefined
      ? await fromRunning(document)
      : await fromBundle(document, settings.taskDefinition, TaskDefinitionTemplate);
  const own = assertFamily(template, settings.family ?? document.service);
  return renderTaskDefinition(own, release, settings.container);
}

export const service = (document: DeploymentDocument): Promise<ServiceTemplate> =>
  fromBundle(document, document.settings.serviceDefinition, ServiceTemplate);

export const overrides = (document: DeploymentDocument): Promise<Overrides> =>
  fromBundle(document, document.settings.migration?.overrides ?? 'migrate-overrides.json', Overrides);

async function fromBundle<T>(document: DeploymentDocument, path: string, schema: z.ZodType<T>): Promise<T> {
  const { bundle } = document.release;
  if (bundle === undefined) {
    throw new DeploymentError(
      'BundleUnreadable',
      `${document.deployment} has no bundle, and ${path} is needed`,
    );
  }
  return parseBundleFile(schema, await bundles.read(bundle, path), path);
}

async function fromRunning({ settings }: DeploymentDocument): Promise<TaskDefinitionTemplate> {
  const running = await services.describe(settings.cluster, settings.service);
  const described = running?.taskDefinition && (await taskDefinitions.describe(running.taskDefinition));
  if (!described) {
    throw new DeploymentError(
      'BundleUnreadable',
      `an image alone can only be deployed to a service that exists, and ${settings.service} does not run on ${settings.cluster}`,
    );
  }
  return templateOf({ ...described });
}
