import { AwsError } from './errors.ts';
import type { Caller, SandboxContext, ServiceDefinition } from './service.ts';

/** How one service of the sandbox calls another in process, as the account's administrator. */
export interface ServiceCalls {
  /**
   * `service` is the signing name; the two load balancer APIs share one, so ELBv2 is called
   * `elasticloadbalancingv2` here. An unknown service or operation is an error.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the answer's shape is the operation's own; callers name it
  call(service: string, operation: string, input: object): Promise<any>;
}

/** The caller that CloudFormation and the services themselves are in this sandbox: nothing is denied to it. */
function administrator(context: Pick<SandboxContext, 'accountId'>): Caller {
  return {
    accountId: context.accountId,
    arn: `arn:aws:iam::${context.accountId}:root`,
    userId: context.accountId,
  };
}

function serviceName(definition: ServiceDefinition): string {
  const isV2 =
    definition.signingName === 'elasticloadbalancing' && 'CreateTargetGroup' in definition.operations;
  return isV2 ? 'elasticloadbalancingv2' : definition.signingName;
}

/**
 * Calls the operations of the given services directly, without the wire. The list is read at each call, so that
 * services may join it after those that call them.
 */
export function createServiceCalls(
  context: SandboxContext,
  definitions: readonly ServiceDefinition[],
): ServiceCalls {
  return {
    async call(service, operation, input) {
      const definition = definitions.find((candidate) => serviceName(candidate) === service);
      const perform = definition?.operations[operation];
      if (perform === undefined) {
        throw new AwsError('UnknownOperationException', `This sandbox has no ${service}:${operation}`);
      }
      return perform(input, { caller: administrator(context), requestId: context.random.uuid() });
    },
  };
}
