import type { AuthorizationRequest } from '#sandbox/core/service.ts';
import { type FunctionStore, parseReference } from './function-store.ts';

const ACTIONS: Record<string, string> = { Invoke: 'InvokeFunction', PublishVersion: 'PublishVersion' };

/** The permissions of the Service Authorization Reference: `lambda:InvokeFunction` and its kin on the function's ARN. */
export function authorizeLambda(store: FunctionStore) {
  return (operation: string, input: Record<string, unknown>): AuthorizationRequest[] => {
    const action = `lambda:${ACTIONS[operation] ?? operation}`;
    if (typeof input.FunctionName !== 'string') return [{ action, resources: ['*'] }];
    const qualifier = typeof input.Qualifier === 'string' ? input.Qualifier : undefined;
    const reference = parseReference(input.FunctionName, qualifier);
    const arn = store.arnOf(reference.name);
    const requests = [
      { action, resources: [reference.qualifier === '$LATEST' ? arn : `${arn}:${reference.qualifier}`] },
    ];
    return [...requests, ...passRole(input)];
  };
}

/** A function's role has to be passed to Lambda. */
function passRole(input: Record<string, unknown>): AuthorizationRequest[] {
  if (typeof input.Role !== 'string') return [];
  const conditions = { 'iam:passedtoservice': 'lambda.amazonaws.com' };
  return [{ action: 'iam:PassRole', resources: [input.Role], conditions }];
}
