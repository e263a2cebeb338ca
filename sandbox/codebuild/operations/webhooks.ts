import type {
  CreateWebhookInput,
  CreateWebhookOutput,
  DeleteWebhookInput,
  UpdateWebhookInput,
  UpdateWebhookOutput,
} from '@aws-sdk/client-codebuild';
import { AwsError } from '#sandbox/core/errors.ts';
import { type CodeBuildState, invalidInput } from '../state.ts';
import { checkFilterGroups } from '../webhook-filters.ts';

/** Source types whose hosts call webhooks; CodeCommit is none of them. */
const WITH_WEBHOOKS = ['GITHUB', 'GITHUB_ENTERPRISE', 'BITBUCKET', 'GITLAB', 'GITLAB_SELF_MANAGED'];

export function createWebhook(state: CodeBuildState) {
  return (input: CreateWebhookInput): CreateWebhookOutput => {
    const project = state.project(input.projectName);
    if (project.webhook) {
      throw new AwsError(
        'ResourceAlreadyExistsException',
        `Webhook already exists for project ${project.name}`,
      );
    }
    if (!WITH_WEBHOOKS.includes(project.source?.type ?? '')) {
      throw invalidInput(`Webhooks are not supported for source type ${project.source?.type}`);
    }
    if (input.buildType === 'BUILD_BATCH')
      throw invalidInput('Batch builds are not supported by the sandbox');
    checkFilterGroups(input.filterGroups);
    project.webhook = {
      url: `${project.source?.location?.replace(/\.git$/, '')}/hooks/${state.context.random.hex(8)}`,
      payloadUrl: `https://codebuild.${state.context.region}.amazonaws.com/webhooks`,
      secret: state.context.random.hex(40),
      branchFilter: input.branchFilter,
      filterGroups: input.filterGroups,
      buildType: input.buildType,
      lastModifiedSecret: new Date(state.context.clock.now()),
    };
    return { webhook: project.webhook };
  };
}

export function updateWebhook(state: CodeBuildState) {
  return (input: UpdateWebhookInput): UpdateWebhookOutput => {
    const project = state.project(input.projectName);
    if (!project.webhook) throw noWebhook(project.name);
    checkFilterGroups(input.filterGroups);
    project.webhook = {
      ...project.webhook,
      branchFilter: input.branchFilter ?? project.webhook.branchFilter,
      filterGroups: input.filterGroups ?? project.webhook.filterGroups,
    };
    return { webhook: project.webhook };
  };
}

export function deleteWebhook(state: CodeBuildState) {
  return (input: DeleteWebhookInput) => {
    const project = state.project(input.projectName);
    if (!project.webhook) throw noWebhook(project.name);
    project.webhook = undefined;
    return {};
  };
}

const noWebhook = (name: string | undefined) =>
  new AwsError('ResourceNotFoundException', `Webhook cannot be found for project ${name}`);
