import * as z from 'zod';
import type { Bundles } from '#lib/aws/bundles.ts';
import type { EcsServices } from '#lib/aws/ecs/services.ts';
import type { TaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
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

/** RunTask's overrides, as the seed's migrate-overrides.json has them. */
export const Overrides = z.looseObject({
  containerOverrides: z
    .array(z.looseObject({ name: z.string().min(1), command: z.array(z.string()).optional() }))
    .min(1),
});
export type Overrides = z.infer<typeof Overrides>;

/** The files of the release's ecs/ folder. All fail with BundleUnreadable when a file is missing or malformed. */
export interface Templates {
  /** The task definition with the release's image in it. Without a bundle, the running one is the template. */
  taskDefinition(document: DeploymentDocument): Promise<TaskDefinitionTemplate>;
  service(document: DeploymentDocument): Promise<ServiceTemplate>;
  overrides(document: DeploymentDocument): Promise<Overrides>;
}

export function createTemplates(
  bundles: Bundles,
  taskDefinitions: Pick<TaskDefinitions, 'describe'>,
  services: Pick<EcsServices, 'describe'>,
): Templates {
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

  return {
    async taskDefinition(document) {
      const { release, settings } = document;
      const template =
        release.bundle === undefined
          ? await fromRunning(document)
          : await fromBundle(document, settings.taskDefinition, TaskDefinitionTemplate);
      const own = assertFamily(template, settings.family ?? document.service);
      return renderTaskDefinition(own, release, settings.container);
    },
    service: (document) => fromBundle(document, document.settings.serviceDefinition, ServiceTemplate),
    overrides: (document) =>
      fromBundle(document, document.settings.migration?.overrides ?? 'migrate-overrides.json', Overrides),
  };
}
