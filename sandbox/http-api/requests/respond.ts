import { arn } from '#sandbox/core/arn.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { readSignature } from '#sandbox/wire/sigv4/signature.ts';
import type { Integration } from '../api-store.ts';
import type { HttpApiNeeds } from '../needs.ts';
import { decodePath, proxyEvent } from './event.ts';
import type { Exchange } from './exchange.ts';
import { type ApiResponse, functionResponse, internalServerError, messageResponse } from './response.ts';
import { selectRoute } from './routing.ts';
import type { Throttle } from './throttle.ts';

/** Takes one request through routing, throttling, the authorizer and the integration. */
export async function respond(
  context: SandboxContext,
  needs: HttpApiNeeds,
  throttle: Throttle,
  exchange: Exchange,
  pathInStage: string,
): Promise<ApiResponse> {
  const { api, stage, request } = exchange;
  const match = stage && selectRoute(api.routes.values(), request.method, pathInStage);
  if (stage === undefined || match === undefined) return messageResponse(404, 'Not Found');
  exchange.route = match.route;
  exchange.pathParameters = match.pathParameters;
  if (!throttle.admits(api.apiId, stage, match.route)) return messageResponse(429, 'Too Many Requests');
  if (
    match.route.authorizationType === 'AWS_IAM' &&
    !(await authorizes(context, needs, exchange, pathInStage))
  ) {
    return messageResponse(403, 'Forbidden');
  }
  const integration = api.integrations.get(match.route.target ?? '');
  if (integration === undefined) return internalServerError();
  return integrate(context, needs, exchange, integration);
}

/** The IAM authorizer: a signature for execute-api, by someone who may execute-api:Invoke this method and path. */
async function authorizes(
  context: SandboxContext,
  needs: HttpApiNeeds,
  exchange: Exchange,
  pathInStage: string,
): Promise<boolean> {
  const { api, stage, request } = exchange;
  const signature = readSignature(request);
  if (typeof signature !== 'object' || signature.signingName !== 'execute-api') return false;
  try {
    exchange.caller = await needs.verifySignature(request);
  } catch (error) {
    context.debug(`http api: ${error}`);
    return false;
  }
  exchange.accessKey = signature.accessKeyId;
  const resource = `${api.apiId}/${stage?.stageName}/${request.method}${decodePath(pathInStage)}`;
  const asked = { action: 'execute-api:Invoke', resources: [arn(context, 'execute-api', resource)] };
  return needs.iam.denial(exchange.caller, asked) === undefined;
}

async function integrate(
  context: SandboxContext,
  needs: HttpApiNeeds,
  exchange: Exchange,
  integration: Integration,
): Promise<ApiResponse> {
  const { api, stage, route } = exchange;
  const functionArn = integration.integrationUri;
  const source = `${api.apiId}/${stage?.stageName}/${(route?.routeKey ?? '').replace(' ', '')}`;
  const invoker = { principal: 'apigateway.amazonaws.com', sourceArn: arn(context, 'execute-api', source) };
  try {
    if (!needs.lambda.allows(functionArn, invoker)) throw new Error('Invalid permissions on Lambda function');
    const payload = JSON.stringify(proxyEvent(context, exchange));
    const result = await withTimeout(
      context,
      integration.timeoutInMillis,
      needs.lambda.invoke(functionArn, payload),
    );
    if (result === 'timeout')
      return failed(exchange, 'The integration timed out', messageResponse(503, 'Service Unavailable'));
    if (result.functionError !== undefined) return failed(exchange, result.payload, internalServerError());
    return (
      functionResponse(result.payload) ?? failed(exchange, 'Malformed proxy response', internalServerError())
    );
  } catch (error) {
    return failed(exchange, (error as Error).message, internalServerError());
  }
}

function failed(exchange: Exchange, reason: string, response: ApiResponse): ApiResponse {
  exchange.integrationError = reason;
  return response;
}

function withTimeout<T>(
  { clock }: SandboxContext,
  milliseconds: number,
  promise: Promise<T>,
): Promise<T | 'timeout'> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => resolve('timeout'), milliseconds);
    promise.then(resolve, reject).finally(() => clock.clearTimeout(timer));
  });
}
