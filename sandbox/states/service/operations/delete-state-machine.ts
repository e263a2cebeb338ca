import type { DeleteStateMachineInput, DeleteStateMachineOutput } from '@aws-sdk/client-sfn';
import type { StatesService } from '../service.ts';

/** Ends the machine's running executions. Deleting what does not exist is no error. */
export function deleteStateMachine({ store }: StatesService) {
  return ({ stateMachineArn }: DeleteStateMachineInput): DeleteStateMachineOutput => {
    const machine = store.machines.get(stateMachineArn ?? '');
    if (machine === undefined) return {};
    machine.deleting = true;
    store.machines.delete(machine.arn);
    for (const record of store.executions.values()) {
      if (record.machine === machine) record.execution.stop();
    }
    return {};
  };
}
