import { createTaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import { isSameTaskDefinition } from '#lib/deployment/release/task-definition.ts';
import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';
import * as templates from '#lib/operations/templates.ts';

const taskDefinitions = createTaskDefinitions();

/**
 * Registers the release's task definition. RegisterTaskDefinition has no idempotency token, so the family's latest
 * revision is reused where it is the same already: a retried or re-driven step makes no second revision.
 */
export const handler = forState(async (input) => {
  const document = await claims.assert(input);
  const live = document.release.taskDefinition;
  if (live !== undefined) return { ...document, taskDefinition: { arn: live, reused: true } };

  const template = await templates.taskDefinition(document);
  const latest = await taskDefinitions.describe(template.family);
  if (latest?.taskDefinitionArn !== undefined && isSameTaskDefinition(template, { ...latest })) {
    return { ...document, taskDefinition: { arn: latest.taskDefinitionArn, reused: true } };
  }
  const registered = await claims.act({ ...input, document }, (call) =>
    taskDefinitions.register(template, call),
  );
  return { ...registered.document, taskDefinition: { arn: registered.result, reused: false } };
});
