import type { SandboxContext } from '#sandbox/core/service.ts';
import { queryParameters } from '#sandbox/wire/messages.ts';
import type { Exchange } from './exchange.ts';

/** Content that API Gateway hands on as text; everything else is base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b|[^;]*\+(json|xml)\b)/i;

/** The event of a Lambda proxy integration in payload format 2.0. */
export function proxyEvent(context: SandboxContext, exchange: Exchange): object {
  const { request, stage, route, pathParameters = {} } = exchange;
  const { cookie, ...headers } = request.headers;
  return {
    version: '2.0',
    routeKey: route?.routeKey,
    rawPath: decodePath(exchange.rawPath),
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers: { ...headers, ...forwarded(context, exchange) },
    ...unlessEmpty('queryStringParameters', joinedQuery(request.query)),
    requestContext: requestContext(context, exchange),
    ...unlessEmpty('pathParameters', pathParameters),
    ...unlessEmpty('stageVariables', stage?.stageVariables ?? {}),
    ...bodyOf(exchange),
  };
}

function requestContext(context: SandboxContext, exchange: Exchange): object {
  const { request, caller } = exchange;
  return {
    accountId: context.accountId,
    apiId: exchange.api.apiId,
    ...(caller === undefined ? {} : { authorizer: { iam: iamIdentity(exchange) } }),
    domainName: exchange.domainName,
    domainPrefix: exchange.api.apiId,
    http: {
      method: request.method,
      path: decodePath(exchange.rawPath),
      protocol: 'HTTP/1.1',
      sourceIp: exchange.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: exchange.requestId,
    routeKey: exchange.route?.routeKey,
    stage: exchange.stage?.stageName,
    time: logTime(exchange.receivedAt),
    timeEpoch: exchange.receivedAt,
  };
}

function iamIdentity({ caller, accessKey }: Exchange): object {
  return {
    accessKey,
    accountId: caller?.accountId,
    callerId: caller?.userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: caller?.arn,
    userId: caller?.userId,
  };
}

function forwarded(
  context: SandboxContext,
  { sourceIp, receivedAt, request }: Exchange,
): Record<string, string> {
  const second = Math.floor(receivedAt / 1000).toString(16);
  return {
    'x-amzn-trace-id': request.headers['x-amzn-trace-id'] ?? `Root=1-${second}-${context.random.hex(24)}`,
    'x-forwarded-for': [request.headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
    'x-forwarded-port': String(new URL(context.endpoint()).port),
    'x-forwarded-proto': 'http',
  };
}

/** Values of a repeated parameter are joined with commas. A form's + is a space here. */
function joinedQuery(query: string): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of queryParameters(query.replaceAll('+', '%20'))) {
    joined[name] = name in joined ? `${joined[name]},${value}` : value;
  }
  return joined;
}

function bodyOf({ request }: Exchange): object {
  if (request.body.byteLength === 0) return { isBase64Encoded: false };
  const isBase64Encoded = !TEXT.test(request.headers['content-type'] ?? '');
  return { body: Buffer.from(request.body).toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

function unlessEmpty(name: string, map: Record<string, string>): object {
  return Object.keys(map).length === 0 ? {} : { [name]: map };
}

export function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000`: the common log format, in which API Gateway writes times. */
export function logTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  const [year, month, day] = iso.slice(0, 10).split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${iso.slice(11, 19)} +0000`;
}
