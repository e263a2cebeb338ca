import type { ServerResponse } from 'node:http';
import * as sdk from '@aws-sdk/client-apigatewayv2';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { type HttpHandler, jsonMessage } from '#sandbox/wire/http-handler.ts';
import type { WireRequest } from '#sandbox/wire/messages.ts';
import { readBody, toWireRequest } from '#sandbox/wire/server.ts';
import { type Api, ApiStore, type Stage } from './api-store.ts';
import { authorizeApiGateway } from './authorize.ts';
import type { HttpApiNeeds } from './needs.ts';
import { apiGatewayOperations } from './operations/index.ts';
import { accessLogLine } from './requests/access-log.ts';
import { addressOf } from './requests/address.ts';
import type { Exchange } from './requests/exchange.ts';
import { respond } from './requests/respond.ts';
import { type ApiResponse, messageResponse } from './requests/response.ts';
import { Throttle } from './requests/throttle.ts';

export interface HttpApi {
  definition: ServiceDefinition;
  /** Answers a request for one of the APIs without a socket; undefined where it is for none. */
  answer(request: WireRequest): Promise<ApiResponse | undefined>;
  /** The same for those that come over HTTP. */
  handler: HttpHandler;
}

/** API Gateway's HTTP APIs with Lambda proxy integrations, reached on the sandbox's own port. */
export function createHttpApi(context: SandboxContext, needs: HttpApiNeeds): HttpApi {
  const store = new ApiStore(context);
  const throttle = new Throttle(context.clock);

  const answer = async (
    request: WireRequest,
    sourceIp: string,
  ): Promise<[ApiResponse, Exchange] | undefined> => {
    const address = addressOf(request);
    if (address === undefined) return undefined;
    const api = store.apis.get(address.apiId);
    if (api === undefined) return undefined;
    const { stage, path } = chooseStage(api, address.path);
    const exchange: Exchange = {
      requestId: Buffer.from(context.random.hex(22), 'hex').toString('base64'),
      receivedAt: context.clock.now(),
      api,
      request,
      rawPath: address.path,
      domainName: request.headers.host ?? '',
      sourceIp,
      ...(stage === undefined ? {} : { stage }),
    };
    const response = await respond(context, needs, throttle, exchange, path);
    logAccess(context, needs, exchange, response);
    return [response, exchange];
  };

  return {
    definition: {
      signingName: 'apigateway',
      sdk,
      operations: apiGatewayOperations({ context, store }),
      authorize: authorizeApiGateway(context),
    },
    answer: async (request) => (await answer(request, '127.0.0.1'))?.[0],
    handler: {
      name: 'HTTP APIs',
      takes: (head) => addressOf(head) !== undefined,
      async handle(incoming, outgoing) {
        const request = toWireRequest(incoming, await readBody(incoming));
        const answered = await answer(request, incoming.socket.remoteAddress ?? '127.0.0.1');
        const [response, exchange] = answered ?? [messageResponse(404, 'Not Found'), undefined];
        write(outgoing, incoming.method, response, exchange?.requestId);
      },
      forbidden: (message) => jsonMessage(403, message),
    },
  };
}

/** A path that begins with the name of a stage is that stage's; all others are the default stage's. */
function chooseStage(api: Api, path: string): { stage?: Stage; path: string } {
  const [, name = ''] = path.split('/');
  const named = api.stages.get(name);
  if (named !== undefined && isDeployed(named))
    return { stage: named, path: path.slice(name.length + 1) || '/' };
  const stage = api.stages.get('$default');
  return stage === undefined || !isDeployed(stage) ? { path } : { stage, path };
}

/** A stage without a deployment serves nothing. */
const isDeployed = (stage: Stage) => stage.autoDeploy || stage.deploymentId !== undefined;

function logAccess(
  context: SandboxContext,
  needs: HttpApiNeeds,
  exchange: Exchange,
  response: ApiResponse,
): void {
  const { DestinationArn, Format } = exchange.stage?.accessLogSettings ?? {};
  const [, logGroupName] = /:log-group:([^:]+)/.exec(DestinationArn ?? '') ?? [];
  if (logGroupName === undefined || Format === undefined) return;
  const stream = `${exchange.api.apiId}/${exchange.stage?.stageName}`;
  const line = accessLogLine(context, Format, exchange, response);
  needs.logs.write(logGroupName, stream, line, context.clock.now());
}

function write(
  outgoing: ServerResponse,
  method: string | undefined,
  response: ApiResponse,
  requestId = '',
): void {
  outgoing.writeHead(response.statusCode, {
    ...response.headers,
    ...(response.cookies.length === 0 ? {} : { 'set-cookie': response.cookies }),
    'apigw-requestid': requestId,
    ...(response.statusCode === 204 || response.statusCode === 304
      ? {}
      : { 'content-length': response.body.byteLength }),
  });
  if (method === 'HEAD') outgoing.end();
  else outgoing.end(response.body);
}
