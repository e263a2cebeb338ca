import type { ListStateMachinesInput, ListStateMachinesOutput } from '@aws-sdk/client-sfn';
import { page } from '../page.ts';
import type { StatesService } from '../service.ts';

export function listStateMachines({ store }: StatesService) {
  return (input: ListStateMachinesInput): ListStateMachinesOutput => {
    const { items, nextToken } = page([...store.machines.values()], input);
    const stateMachines = items.map(({ arn, name, creationDate }) => ({
      stateMachineArn: arn,
      name,
      type: 'STANDARD' as const,
      creationDate,
    }));
    return { stateMachines, ...(nextToken === undefined ? {} : { nextToken }) };
  };
}
