import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import * as z from 'zod';
import { named } from '#lib/aws/faults.ts';
import { DeploymentError, errors } from '#lib/deployment/errors.ts';
import { logger } from './logger.ts';

/** A request as a route's handler gets it: checked, with the caller's ARN as IAM verified it. */
export interface ApiRequest<Body> {
  service: string;
  body: Body;
  caller: string;
  requestId: string;
  idempotencyKey?: string;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
}

type Event = APIGatewayProxyEventV2WithIAMAuthorizer;

type Stack = middy.MiddlewareObj<Event, APIGatewayProxyStructuredResultV2, Error, Context>;

/**
 * The stack of an API route: JSON in, JSON out, errors as problem+json (RFC 9457) under their own names. A route
 * without a body passes z.undefined().
 */
export function forRoute<Body>(
  schema: z.ZodType<Body>,
  handler: (request: ApiRequest<Body>) => Promise<ApiAnswer>,
) {
  const body: Stack[] = schema instanceof z.ZodUndefined ? [] : [httpJsonBodyParser() as Stack];
  return middy<Event, APIGatewayProxyStructuredResultV2, Error, Context>()
    .use(body)
    .use({
      onError: (request) => {
        request.response = problem(named(request.error), request.event.rawPath);
      },
    })
    .handler(async (event) => {
      const parsed = schema.safeParse(event.body);
      if (!parsed.success) throw new DeploymentError('InvalidRequest', inOneLine(parsed.error));
      const idempotencyKey = event.headers?.['idempotency-key'];
      const { status, body } = await handler({
        service: event.pathParameters?.service ?? '',
        body: parsed.data,
        caller: event.requestContext.authorizer.iam.userArn,
        requestId: event.requestContext.requestId,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
      return {
        statusCode: status,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };
    });
}

/** What does not match the schema, member by member, as part of a sentence. */
const inOneLine = ({ issues }: z.ZodError) =>
  issues.map(({ path, message }) => [...path, message].join(': ')).join(', ');

function problem(error: unknown, instance: string): APIGatewayProxyStructuredResultV2 {
  const { name, message, status } = describe(error);
  if (status >= 500) logger.error('The request could not be answered', error as Error);
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title: name, status, detail: message, instance }),
  };
}

function describe(error: unknown): { name: string; message: string; status: number } {
  if (error instanceof DeploymentError) {
    const meaning = errors[error.name];
    return {
      name: error.name,
      message: error.message,
      status: 'httpStatus' in meaning ? meaning.httpStatus : 500,
    };
  }
  // @middy's own refusals (no JSON, another content type) carry their status.
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500) {
    const { name, message: sentence } = new DeploymentError(
      'InvalidRequest',
      `${message ?? 'it is malformed'} (a body is JSON, and its content type application/json)`,
    );
    return { name, message: sentence, status: statusCode };
  }
  return {
    name: 'InternalError',
    message: 'The request could not be answered; see the log of this function',
    status: 500,
  };
}
