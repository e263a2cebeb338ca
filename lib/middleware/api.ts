import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { toDeploymentError } from '#lib/aws/sdk/faults.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { type ApiAnswer, toResponse } from './api/answer.ts';
import { problemOf } from './api/problem.ts';
import { type ApiRequest, parseJsonBody, parseRequest, type Schemas } from './api/request.ts';
import { traceHandler } from './tracing.ts';

export type { ApiAnswer, ApiRequest };

type Event = APIGatewayProxyEventV2WithIAMAuthorizer;

/** The stack of an API route: JSON in, JSON out, errors as problem+json (RFC 9457) under their own names. */
export function forRoute<Body = undefined, Query = object>(
  schemas: Schemas<Body, Query>,
  handler: (request: ApiRequest<Body, Query>) => Promise<ApiAnswer>,
) {
  return middy<Event, APIGatewayProxyStructuredResultV2, Error, Context>()
    .use(traceHandler())
    .use(schemas.body === undefined ? [] : [parseJsonBody(schemas.body)])
    .use({
      onError: (request) => {
        const error = toDeploymentError(request.error) as Error;
        const problem = problemOf(error, request.event.rawPath);
        if (problem.status >= 500) logger.error('The request could not be answered', error);
        request.response = toResponse(problem, problem.headers);
      },
    })
    .handler(async (event) => {
      setRequestContext(event);
      const answer = await handler(parseRequest(event, schemas));
      // The log keeps who asked for what: an abort or an unfreeze leaves no record of it.
      if (event.requestContext.http.method !== 'GET')
        logger.info('The request was answered', { path: event.rawPath, status: answer.status });
      return toResponse(answer);
    });
}

/** A deployment's own keys and its correlation id are added by the handler that knows which one it is about. */
function setRequestContext({ routeKey, pathParameters, requestContext }: Event): void {
  const { service, deployment } = pathParameters ?? {};
  logger.resetKeys();
  logger.appendKeys({
    route: routeKey,
    requestedBy: requestContext.authorizer.iam.userArn,
    requestId: requestContext.requestId,
    target: service || undefined,
    deployment: deployment || undefined,
  });
}
