import type { CreateStateMachineInput, CreateStateMachineOutput } from '@aws-sdk/client-sfn';
import { AwsError } from '#sandbox/core/errors.ts';
import { notSupported, statesError } from '../errors.ts';
import { requireName } from '../names.ts';
import { newRevision } from '../revisions.ts';
import { machineArn, type StatesService } from '../service.ts';
import type { StateMachine } from '../store.ts';
import { tagsOf } from '../tags.ts';

export function createStateMachine(service: StatesService) {
  return (input: CreateStateMachineInput): CreateStateMachineOutput => {
    const { context, store } = service;
    const name = requireName(input.name);
    if (input.type === 'EXPRESS') {
      throw new AwsError('StateMachineTypeNotSupported', 'EXPRESS state machines are not supported here');
    }
    if (input.publish) throw notSupported('Publishing a version');
    const revision = newRevision(
      service,
      input.definition,
      input.roleArn,
      input.tracingConfiguration?.enabled ?? false,
    );
    const arn = machineArn(context, name);
    const existing = store.machines.get(arn);
    if (existing) return same(existing, input);
    const creationDate = revision.date;
    const machine = { arn, name, creationDate, revision, deleting: false, tags: tagsOf(input.tags) };
    store.machines.set(arn, machine);
    return { stateMachineArn: arn, creationDate };
  };
}

/** CreateStateMachine is idempotent on name, definition, type and role. */
function same(machine: StateMachine, input: CreateStateMachineInput): CreateStateMachineOutput {
  const { text, roleArn } = machine.revision;
  if (text !== input.definition || roleArn !== input.roleArn) {
    throw statesError('StateMachineAlreadyExists', 'State Machine Already Exists', machine.arn);
  }
  return { stateMachineArn: machine.arn, creationDate: machine.creationDate };
}
