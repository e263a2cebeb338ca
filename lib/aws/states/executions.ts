import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  type ExecutionStatus,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { clientOf } from '#lib/aws/sdk/clients.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { causeOf } from '#lib/deployment/ending/failure.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';

export interface Executions {
  /** The execution's ARN: an execution is named after its deployment. */
  arnOf(deployment: string): string;
  /** Starts the deployment; the same name again is the same execution. */
  start(document: DeploymentDocument): Promise<{ executionArn: string; started: boolean }>;
  /** Its last run, and whether that still runs; undefined where Step Functions knows no such execution. */
  lastRun(executionArn: string): Promise<LastRun | undefined>;
  /**
   * Runs a failed execution again; the same token within 15 minutes is the same redrive. Fails with NotRedrivable, which
   * says what to do instead.
   */
  redrive(executionArn: string, clientToken: string, instead: string | undefined): Promise<void>;
  /** Stops a running execution, in somebody's name. */
  stop(executionArn: string, requestedBy: string): Promise<void>;
  /** Answers a waiting Task. False when nobody waits any more: a late or double answer is no error. */
  succeed(taskToken: string, document: DeploymentDocument): Promise<boolean>;
  fail(taskToken: string, error: DeploymentError): Promise<boolean>;
}

interface LastRun {
  redriveCount: number;
  isRunning: boolean;
  status: ExecutionStatus | undefined;
}

export function createExecutions(states = clientOf(SFNClient)): Executions {
  const isDelivered = (answer: Promise<unknown>) =>
    answer.then(
      () => true,
      (error: unknown) => {
        if (hasName(error, 'TaskTimedOut', 'TaskDoesNotExist')) return false;
        throw error;
      },
    );
  const arnOf = (deployment: string) =>
    `${requireEnvironment('STATE_MACHINE_ARN').replace(':stateMachine:', ':execution:')}:${deployment}`;
  return {
    arnOf,

    async start(document) {
      const stateMachineArn = requireEnvironment('STATE_MACHINE_ARN');
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
        return { executionArn: arnOf(document.deployment), started: false };
      }
    },

    async lastRun(executionArn) {
      try {
        const { status, redriveCount = 0 } = await states.send(
          new DescribeExecutionCommand({ executionArn }),
        );
        return { redriveCount, isRunning: status === 'RUNNING', status };
      } catch (error) {
        // Step Functions forgets an execution 90 days after it closed, and those of a state machine that is deleted.
        if (hasName(error, 'ExecutionDoesNotExist')) return undefined;
        throw error;
      }
    },

    async redrive(executionArn, clientToken, remedy) {
      try {
        await states.send(new RedriveExecutionCommand({ executionArn, clientToken }));
      } catch (error) {
        if (!hasName(error, 'ExecutionNotRedrivable', 'ExecutionDoesNotExist')) throw error;
        throw new DeploymentError('NotRedrivable', (error as Error).message.replace(/\.$/, ''), { remedy });
      }
    },

    async stop(executionArn, requestedBy) {
      await states.send(
        new StopExecutionCommand({
          executionArn,
          error: 'Aborted',
          cause: `by ${requestedBy} through the API`,
        }),
      );
    },

    succeed: (taskToken, document) =>
      isDelivered(states.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(document) }))),

    fail: (taskToken, error) =>
      isDelivered(
        states.send(new SendTaskFailureCommand({ taskToken, error: error.name, cause: causeOf(error) })),
      ),
  };
}
