import * as sdk from '@aws-sdk/client-sfn';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { authorizeStates } from './service/authorize.ts';
import type { StatesIam, StatesLambda, StatesXray } from './service/needs.ts';
import { createStateMachine } from './service/operations/create-state-machine.ts';
import { deleteStateMachine } from './service/operations/delete-state-machine.ts';
import { describeExecution } from './service/operations/describe-execution.ts';
import {
  describeStateMachine,
  describeStateMachineForExecution,
} from './service/operations/describe-state-machine.ts';
import { getExecutionHistory } from './service/operations/get-execution-history.ts';
import { listExecutions } from './service/operations/list-executions.ts';
import { listStateMachines } from './service/operations/list-state-machines.ts';
import { redriveExecution } from './service/operations/redrive-execution.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './service/operations/send-task.ts';
import { startExecutionOperation } from './service/operations/start-execution.ts';
import { stopExecution } from './service/operations/stop-execution.ts';
import { listTagsForResource, tagResource, untagResource } from './service/operations/tagging.ts';
import { updateStateMachine } from './service/operations/update-state-machine.ts';
import { validateStateMachineDefinition } from './service/operations/validate-state-machine-definition.ts';
import { createService } from './service/service.ts';

export interface States {
  definition: ServiceDefinition;
  /** Stops every running execution, silently: no timer and no wait is left behind. */
  close(): Promise<void>;
}

/**
 * AWS Step Functions: STANDARD state machines whose Tasks invoke Lambda functions. Express and Distributed Map,
 * activities, versions and aliases are not here and say so.
 */
export function createStates(
  context: SandboxContext,
  needs: { lambda: StatesLambda; iam: StatesIam; xray?: StatesXray },
): States {
  const service = createService(context, needs);
  return {
    definition: {
      signingName: 'states',
      sdk,
      authorize: authorizeStates(context),
      operations: {
        CreateStateMachine: createStateMachine(service),
        UpdateStateMachine: updateStateMachine(service),
        DeleteStateMachine: deleteStateMachine(service),
        DescribeStateMachine: describeStateMachine(service),
        DescribeStateMachineForExecution: describeStateMachineForExecution(service),
        ListStateMachines: listStateMachines(service),
        ValidateStateMachineDefinition: validateStateMachineDefinition,
        StartExecution: startExecutionOperation(service),
        DescribeExecution: describeExecution(service),
        ListExecutions: listExecutions(service),
        GetExecutionHistory: getExecutionHistory(service),
        StopExecution: stopExecution(service),
        RedriveExecution: redriveExecution(service),
        SendTaskSuccess: sendTaskSuccess(service),
        SendTaskFailure: sendTaskFailure(service),
        SendTaskHeartbeat: sendTaskHeartbeat(service),
        ListTagsForResource: listTagsForResource(service),
        TagResource: tagResource(service),
        UntagResource: untagResource(service),
      },
    },
    async close() {
      service.open = false;
      const executions = [...service.store.executions.values()].map(({ execution }) => execution);
      for (const execution of executions) execution.stop();
      await Promise.all(executions.map((execution) => execution.closed()));
    },
  };
}
