import type {
  DescribeStateMachineForExecutionInput,
  DescribeStateMachineForExecutionOutput,
  DescribeStateMachineInput,
  DescribeStateMachineOutput,
} from '@aws-sdk/client-sfn';
import { executionByArn, machineByArn, type StatesService } from '../service.ts';

const UNLOGGED = { level: 'OFF', includeExecutionData: false } as const;

export function describeStateMachine(service: StatesService) {
  return ({ stateMachineArn }: DescribeStateMachineInput): DescribeStateMachineOutput => {
    const { arn, name, revision, creationDate } = machineByArn(service, stateMachineArn ?? '');
    return {
      stateMachineArn: arn,
      name,
      status: 'ACTIVE',
      definition: revision.text,
      roleArn: revision.roleArn,
      type: 'STANDARD',
      creationDate,
      loggingConfiguration: UNLOGGED,
      tracingConfiguration: { enabled: revision.isTraced },
      revisionId: revision.revisionId,
    };
  };
}

/** The definition that the execution runs, which may be older than the machine's. */
export function describeStateMachineForExecution(service: StatesService) {
  return (input: DescribeStateMachineForExecutionInput): DescribeStateMachineForExecutionOutput => {
    const { machine, revision } = executionByArn(service, input.executionArn ?? '');
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      definition: revision.text,
      roleArn: revision.roleArn,
      updateDate: revision.date,
      loggingConfiguration: UNLOGGED,
      tracingConfiguration: { enabled: revision.isTraced },
      revisionId: revision.revisionId,
    };
  };
}
