import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { TaskCall, TaskPort } from '../interpreter/environment.ts';
import { StateError } from '../interpreter/errors.ts';
import { isObject, type Json, parseJson } from '../json.ts';
import { invocationOutput } from './invocation-output.ts';
import type { StatesIam, StatesLambda } from './needs.ts';
import type { TaskTokens } from './tokens.ts';
import type { ExecutionTrace } from './tracing.ts';

/** Tasks that invoke Lambda functions as the state machine's role. */
export function lambdaTasks(
  { context, iam, lambda }: { context: SandboxContext; iam: StatesIam; lambda: StatesLambda },
  roleArn: string,
  tokens: TaskTokens,
  trace: ExecutionTrace,
): TaskPort {
  return {
    openCallback: () => tokens.open(),
    async invoke(call) {
      const functionArn = qualifiedArn(context, call);
      const { traceHeader, end } = trace.invocation(call.stateName);
      try {
        const request = { action: 'lambda:InvokeFunction', resources: [functionArn] };
        iam.authorizeRole(roleArn, [request], 'states.amazonaws.com');
        const result = await lambda.invoke(functionArn, call.payload, { signal: call.signal, traceHeader });
        if (result.functionError !== undefined) throw functionFailure(call, result.payload);
        end(false);
        return call.kind === 'function'
          ? jsonText(result.payload)
          : JSON.stringify(invocationOutput(context, result.payload));
      } catch (error) {
        end(true);
        throw error instanceof AwsError ? serviceFailure(error, context.random.uuid()) : error;
      }
    },
  };
}

function qualifiedArn(context: SandboxContext, { functionName, parameters }: TaskCall): string {
  const base = functionName.startsWith('arn:')
    ? functionName
    : arn(context, 'lambda', `function:${functionName}`);
  const { Qualifier } = parameters;
  return typeof Qualifier === 'string' ? `${base}:${Qualifier}` : base;
}

/** A function may answer nothing at all. */
function jsonText(payload: string): string {
  return payload === '' ? 'null' : payload;
}

/**
 * What the function itself threw: Error is its errorType, Cause the error object. Recorded: the integration
 * writes that object anew, a plain function ARN passes Lambda's text on.
 */
function functionFailure({ kind }: TaskCall, payload: string): StateError {
  const thrown: Json | undefined = parseJson(payload);
  const errorType = isObject(thrown) ? thrown.errorType : undefined;
  if (typeof errorType !== 'string') {
    return new StateError(
      'Lambda.Unknown',
      `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
    );
  }
  return new StateError(errorType, kind === 'function' ? payload : JSON.stringify(thrown));
}

/** An error of the Lambda service: Lambda.TooManyRequestsException, Lambda.ResourceNotFoundException … */
function serviceFailure({ code, message, httpStatus }: AwsError, requestId: string): StateError {
  const denied = code === 'AccessDeniedException';
  const status = denied ? 403 : httpStatus;
  return new StateError(
    denied ? 'Lambda.AWSLambdaException' : `Lambda.${code}`,
    `${message} (Service: AWSLambda; Status Code: ${status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
  );
}
