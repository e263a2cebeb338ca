import type { FunctionRecord, PolicyStatement } from './function-store.ts';

/** A service that wants to invoke a function, for a resource of its own. */
export interface ServiceInvoker {
  /** `events.amazonaws.com`, `apigateway.amazonaws.com`, … */
  principal: string;
  /** The rule, the route, the topic. */
  sourceArn: string;
}

/** Whether the function's resource-based policy lets the service invoke it. */
export function allowsService(record: FunctionRecord, invoker: ServiceInvoker, accountId: string): boolean {
  return record.policy.some(
    (statement) =>
      statement.Action.toLowerCase() === 'lambda:invokefunction' &&
      isPrincipal(statement, invoker.principal) &&
      meetsConditions(statement, invoker, accountId),
  );
}

function isPrincipal({ Principal }: PolicyStatement, service: string): boolean {
  return Principal === '*' || ('Service' in Principal && Principal.Service === service);
}

function meetsConditions(
  { Condition = {} }: PolicyStatement,
  invoker: ServiceInvoker,
  accountId: string,
): boolean {
  const sourceArn = Condition.ArnLike?.['AWS:SourceArn'];
  const sourceAccount = Condition.StringEquals?.['AWS:SourceAccount'];
  return (
    (sourceArn === undefined || matchesWildcards(sourceArn, invoker.sourceArn)) &&
    (sourceAccount === undefined || sourceAccount === accountId)
  );
}

/** `*` for any run of characters, `?` for one. */
function matchesWildcards(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
