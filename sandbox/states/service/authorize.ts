import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { machineArn } from './service.ts';

/** Resource-level permissions of AWS Step Functions (Service Authorization Reference). */
export function authorizeStates(context: SandboxContext): ServiceDefinition['authorize'] {
  return (operation, input) => {
    const { name, executionArn, stateMachineArn, resourceArn, roleArn } = input;
    const named = operation === 'CreateStateMachine' ? machineArn(context, String(name)) : undefined;
    const resource = named ?? executionArn ?? stateMachineArn ?? resourceArn ?? '*';
    const requests: AuthorizationRequest[] = [
      { action: `states:${operation}`, resources: [String(resource)] },
    ];
    const sets = operation === 'CreateStateMachine' || operation === 'UpdateStateMachine';
    if (sets && typeof roleArn === 'string') {
      const conditions = { 'iam:passedtoservice': 'states.amazonaws.com' };
      requests.push({ action: 'iam:PassRole', resources: [roleArn], conditions });
    }
    return requests;
  };
}
