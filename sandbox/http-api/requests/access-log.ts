import type { SandboxContext } from '#sandbox/core/service.ts';
import { decodePath, logTime } from './event.ts';
import type { Exchange } from './exchange.ts';
import type { ApiResponse } from './response.ts';

/** One line of the access log: the stage's format with its $context variables, `-` for what there is not. */
export function accessLogLine(
  context: SandboxContext,
  format: string,
  exchange: Exchange,
  response: ApiResponse,
): string {
  const variables = contextVariables(context, exchange, response);
  return format.replace(/\$context\.([a-zA-Z]+(?:\.[a-zA-Z]+)*)/g, (_, name: string) =>
    String(variables[name] ?? '-'),
  );
}

function contextVariables(
  context: SandboxContext,
  exchange: Exchange,
  response: ApiResponse,
): Record<string, string | number | undefined> {
  const { request, route, caller } = exchange;
  return {
    accountId: context.accountId,
    apiId: exchange.api.apiId,
    awsEndpointRequestId: exchange.requestId,
    domainName: exchange.domainName,
    domainPrefix: exchange.api.apiId,
    'error.message': response.statusCode < 400 ? undefined : gatewayMessage(response),
    httpMethod: request.method,
    'identity.accountId': caller?.accountId,
    'identity.caller': caller?.userId,
    'identity.sourceIp': exchange.sourceIp,
    'identity.user': caller?.userId,
    'identity.userAgent': request.headers['user-agent'],
    'identity.userArn': caller?.arn,
    'integration.error': exchange.integrationError,
    integrationErrorMessage: exchange.integrationError,
    path: decodePath(exchange.rawPath),
    protocol: 'HTTP/1.1',
    requestId: exchange.requestId,
    requestTime: logTime(exchange.receivedAt),
    requestTimeEpoch: exchange.receivedAt,
    responseLatency: context.clock.now() - exchange.receivedAt,
    responseLength: response.body.byteLength,
    routeKey: route?.routeKey,
    stage: exchange.stage?.stageName,
    status: response.statusCode,
  };
}

function gatewayMessage({ body, headers }: ApiResponse): string | undefined {
  if (headers['content-type'] !== 'application/json') return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')).message;
  } catch {
    return undefined;
  }
}
