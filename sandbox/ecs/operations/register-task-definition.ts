import type { RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse } from '@aws-sdk/client-ecs';
import type { OperationContext } from '#sandbox/core/service.ts';
import { ecsArn } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { withDefaults } from '../task-definitions/defaults.ts';
import { validateTaskDefinition } from '../task-definitions/validate.ts';

/** Makes the family's next revision, whether or not anything is different: there is no idempotency token. */
export const registerTaskDefinition =
  (ecs: Ecs) =>
  (input: RegisterTaskDefinitionRequest, { caller }: OperationContext): RegisterTaskDefinitionResponse => {
    validateTaskDefinition(input);
    const family = input.family as string;
    const revisions = ecs.taskDefinitions.get(family) ?? [];
    const revision = revisions.length + 1;
    const definition = {
      ...withDefaults(input),
      taskDefinitionArn: ecsArn(ecs, `task-definition/${family}:${revision}`),
      revision,
      registeredAt: new Date(ecs.context.clock.now()),
      registeredBy: caller.arn,
    };
    const tags = input.tags ?? [];
    ecs.taskDefinitions.set(family, [...revisions, { definition, tags }]);
    return { taskDefinition: definition, tags };
  };
