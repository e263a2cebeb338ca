import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import type { DeploymentError } from '#lib/deployment/errors.ts';
import { causeOf } from '#lib/deployment/failure.ts';
import { client } from './clients.ts';
import { environment } from './environment.ts';
import { hasName } from './faults.ts';

export interface Executions {
  /** Starts the deployment; the same name again is the same execution. */
  start(document: DeploymentDocument): Promise<{ executionArn: string; started: boolean }>;
  /** Its last run, and whether that still runs; undefined where Step Functions knows no such execution. */
  lastRun(executionArn: string): Promise<{ redriveCount: number; isRunning: boolean } | undefined>;
  /** Answers a waiting Task. False when nobody waits any more: a late or double answer is no error. */
  succeed(taskToken: string, document: DeploymentDocument): Promise<boolean>;
  fail(taskToken: string, error: DeploymentError): Promise<boolean>;
}

export function createExecutions(states = client(SFNClient)): Executions {
  const answered = (answer: Promise<unknown>) =>
    answer.then(
      () => true,
      (error: unknown) => {
        if (hasName(error, 'TaskTimedOut', 'TaskDoesNotExist')) return false;
        throw error;
      },
    );
  return {
    async start(document) {
      const stateMachineArn = environment('STATE_MACHINE_ARN');
      try {
        const started = await states.send(
          new StartExecutionCommand({
            stateMachineArn,
            name: document.deployment,
            input: JSON.stringify(document),
          }),
        );
        return { executionArn: started.executionArn ?? '', started: true };
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
        const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${document.deployment}`;
        return { executionArn, started: false };
      }
    },

    async lastRun(executionArn) {
      try {
        const { status, redriveCount = 0 } = await states.send(
          new DescribeExecutionCommand({ executionArn }),
        );
        return { redriveCount, isRunning: status === 'RUNNING' };
      } catch (error) {
        // Step Functions forgets an execution 90 days after it closed, and those of a state machine that is deleted.
        if (hasName(error, 'ExecutionDoesNotExist')) return undefined;
        throw error;
      }
    },

    succeed: (taskToken, document) =>
      answered(states.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(document) }))),

    fail: (taskToken, error) =>
      answered(
        states.send(new SendTaskFailureCommand({ taskToken, error: error.name, cause: causeOf(error) })),
      ),
  };
}
