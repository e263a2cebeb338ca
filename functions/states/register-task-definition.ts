import { createBundles } from '#lib/aws/bundles.ts';
import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { createTaskDefinitions, type TaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import { isSameTaskDefinition } from '#lib/deployment/release/task-definition.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, installedClaims } from '#lib/operations/claims.ts';
import { createTemplates, type Templates } from '#lib/operations/templates.ts';

interface Needs {
  claims: Pick<Claims, 'assert' | 'act'>;
  templates: Pick<Templates, 'taskDefinition'>;
  taskDefinitions: TaskDefinitions;
}

/**
 * Registers the release's task definition. RegisterTaskDefinition has no idempotency token, so the family's latest
 * revision is reused where it is the same already: a retried or re-driven step makes no second revision.
 */
export function createRegisterTaskDefinition({ claims, templates, taskDefinitions }: Needs): StateHandler {
  return async (input) => {
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
  };
}

const taskDefinitions = createTaskDefinitions();

export const handler = forState(
  createRegisterTaskDefinition({
    claims: installedClaims(),
    templates: createTemplates(createBundles(), taskDefinitions, createEcsServices()),
    taskDefinitions,
  }),
);
