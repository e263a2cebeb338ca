import type { UpdateStateMachineInput, UpdateStateMachineOutput } from '@aws-sdk/client-sfn';
import { AwsError } from '#sandbox/core/errors.ts';
import { notSupported } from '../errors.ts';
import { newRevision } from '../revisions.ts';
import { machineByArn, type StatesService } from '../service.ts';

/** Executions that are under way keep the revision they were started with. */
export function updateStateMachine(service: StatesService) {
  return (input: UpdateStateMachineInput): UpdateStateMachineOutput => {
    const machine = machineByArn(service, input.stateMachineArn ?? '');
    if (input.publish) throw notSupported('Publishing a version');
    const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
    if (definition === undefined && roleArn === undefined && !loggingConfiguration && !tracingConfiguration) {
      throw new AwsError(
        'MissingRequiredParameter',
        'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
      );
    }
    machine.revision = newRevision(
      service,
      definition ?? machine.revision.text,
      roleArn ?? machine.revision.roleArn,
      tracingConfiguration?.enabled ?? machine.revision.isTraced,
    );
    return { updateDate: machine.revision.date, revisionId: machine.revision.revisionId };
  };
}
