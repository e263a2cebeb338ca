import type { Properties, ResourceType } from './resource-type.ts';
import { camelCase, omit } from './shape.ts';

/** The API writes it in one word. */
const RENAMED = { BuildSpec: 'buildspec' };

/** AWS::CodeBuild::Project and its webhook. */
export const codebuildProject: ResourceType = {
  properties: '*',
  recorded: ['Tags', 'EncryptionKey'],
  async create({ properties, services, generatedName }) {
    const name = String(properties.Name ?? generatedName(150));
    const declared = omit(properties, ['Name', 'Triggers', ...(codebuildProject.recorded ?? [])]);
    const { project } = await services.call('codebuild', 'CreateProject', {
      ...(camelCase(declared, [], RENAMED) as object),
      name,
    });
    const triggers = properties.Triggers as Properties | undefined;
    const hasWebhook = triggers?.Webhook === true || triggers?.Webhook === 'true';
    if (hasWebhook) {
      await services.call('codebuild', 'CreateWebhook', {
        projectName: name,
        ...(camelCase(omit(triggers, ['Webhook']), [], RENAMED) as object),
      });
    }
    const remove = async () => {
      if (hasWebhook) await services.call('codebuild', 'DeleteWebhook', { projectName: name });
      await services.call('codebuild', 'DeleteProject', { name });
    };
    return { physicalId: name, attributes: { Arn: project.arn, Id: project.arn }, remove };
  },
};
