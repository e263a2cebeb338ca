import {
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { ActingCall } from '#lib/aws/sdk/acting-call.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { TaskDefinitionTemplate } from '#lib/deployment/release/task-definition.ts';
import { ecsClient } from './client.ts';

export type { TaskDefinition };

export interface TaskDefinitions {
  /** A revision, or a family's latest active one; undefined when there is none. */
  describe(taskDefinition: string): Promise<TaskDefinition | undefined>;
  /** Fails with TaskDefinitionRejected when ECS refuses it. */
  register(template: TaskDefinitionTemplate, call: ActingCall): Promise<string>;
}

export function createTaskDefinitions(ecs: ECSClient = ecsClient()): TaskDefinitions {
  return {
    async describe(taskDefinition) {
      try {
        const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
        return answer.taskDefinition;
      } catch (error) {
        // "Unable to describe task definition": the family is unknown or has no active revision.
        if (hasName(error, 'ClientException')) return undefined;
        throw error;
      }
    },

    async register(template, call) {
      try {
        const input = template as unknown as RegisterTaskDefinitionCommandInput;
        const command = call.watch(new RegisterTaskDefinitionCommand(input));
        const { taskDefinition } = await ecs.send(command, call.options);
        return taskDefinition?.taskDefinitionArn ?? '';
      } catch (error) {
        // A ClientException, too: somebody else registers in this very family at this moment.
        if (error instanceof Error && /too many concurrent attempts/i.test(error.message)) {
          throw new DeploymentError('AwsUnavailable', error.message.replace(/\.$/, ''), { cause: error });
        }
        if (
          hasName(
            error,
            'ClientException',
            'InvalidParameterException',
            'ValidationException',
            'SerializationException',
          )
        ) {
          throw new DeploymentError('TaskDefinitionRejected', (error as Error).message.replace(/\.$/, ''), {
            cause: error,
          });
        }
        throw error;
      }
    },
  };
}
