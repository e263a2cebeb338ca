import type { DeregisterTaskDefinitionRequest, DeregisterTaskDefinitionResponse } from '@aws-sdk/client-ecs';
import { clientException, invalidParameter } from '../errors.ts';
import { findTaskDefinition, nameOf } from '../identifiers.ts';
import type { Ecs } from '../state.ts';

/** INACTIVE: what runs goes on and its services go on scaling, nothing new starts from it. */
export const deregisterTaskDefinition =
  (ecs: Ecs) =>
  (input: DeregisterTaskDefinitionRequest): DeregisterTaskDefinitionResponse => {
    const reference = input.taskDefinition ?? '';
    if (!nameOf(reference).includes(':')) throw invalidParameter('Invalid revision number. Number: null');
    const record = findTaskDefinition(ecs, reference);
    if (!record) throw clientException('The specified task definition does not exist.');
    if (record.definition.status === 'INACTIVE') {
      throw invalidParameter(
        'The specified task definition is inactive. You can only deregister active task definitions.',
      );
    }
    record.definition.status = 'INACTIVE';
    record.definition.deregisteredAt = new Date(ecs.context.clock.now());
    return { taskDefinition: record.definition };
  };
