/** The resources that a Task state may name here: a function's ARN, or Lambda's optimized integration. */
export interface TaskResource {
  kind: 'function' | 'invoke' | 'invoke.waitForTaskToken';
  arn: string;
}

const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/;
const INTEGRATION = /^arn:[\w-]+:states:[\w-]*:\d*:lambda:(invoke|invoke\.waitForTaskToken)$/;

/** Nothing for a resource that is not supported. */
export function parseResource(arn: string): TaskResource | undefined {
  if (FUNCTION_ARN.test(arn)) return { kind: 'function', arn };
  const kind = INTEGRATION.exec(arn)?.[1];
  return kind === undefined ? undefined : { kind: kind as TaskResource['kind'], arn };
}

export function resourceOf(arn: string): TaskResource {
  const resource = parseResource(arn);
  if (resource === undefined) throw new Error(`The resource ${arn} is not supported`);
  return resource;
}
