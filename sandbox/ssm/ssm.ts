import * as sdk from '@aws-sdk/client-ssm';
import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { describeParameters } from './operations/describe-parameters.ts';
import { getParameter, getParameters, getParametersByPath } from './operations/get-parameters.ts';
import { deleteParameter, putParameter } from './operations/put-parameter.ts';
import { parameterArn, type SsmState } from './state.ts';

/** The Parameter Store of Systems Manager, standard tier. */
export function createSsm(context: SandboxContext): { definition: ServiceDefinition; state: SsmState } {
  const state: SsmState = { context, parameters: new Map(), key: context.random.hex(64) };
  return {
    state,
    definition: {
      signingName: 'ssm',
      sdk,
      operations: {
        PutParameter: putParameter(state),
        GetParameter: getParameter(state),
        GetParameters: getParameters(state),
        GetParametersByPath: getParametersByPath(state),
        DeleteParameter: deleteParameter(state),
        DescribeParameters: describeParameters(state),
      },
      authorize: (operation, input) => authorize(context, operation, input),
    },
  };
}

/** Service Authorization Reference, "AWS Systems Manager": parameters by ARN, DescribeParameters on '*'. */
function authorize(
  context: SandboxContext,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const action = `ssm:${operation}`;
  if (operation === 'DescribeParameters') return [{ action, resources: ['*'] }];
  const names = (input.Names ?? [input.Name ?? input.Path]) as string[];
  const resources = names.map((name) => (name.startsWith('arn:') ? name : parameterArn(context, name)));
  return [{ action, resources: resources.map((one) => one.replace(/:\d+$/, '')) }];
}
