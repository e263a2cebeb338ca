import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import * as z from 'zod';
import { toDeploymentError } from '#lib/aws/sdk/faults.ts';
import { DeploymentError, errors } from '#lib/deployment/errors.ts';
import { IdempotencyKey } from '#lib/deployment/release/request.ts';
import { logger } from './logger.ts';
import { traceHandler } from './tracing.ts';

/** A request as a route's handler gets it, checked against its schemas. */
export interface ApiRequest<Body = undefined, Query = object> {
  /** From the path; empty where the route's has none. */
  service: string;
  deployment: string;
  build: string;
  body: Body;
  query: Query;
  requestedBy: string;
  /** As API Gateway knows it: `POST /services/{service}/deployments`. */
  route: string;
  /** API Gateway's id of this very request. */
  requestId: string;
  idempotencyKey?: string;
  /** The idempotency key, else the request's id. */
  key: string;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** What a route takes beside its path. Anything else in the query is refused: `?dryrun=true` must not deploy. */
interface Schemas<Body, Query> {
  body?: z.ZodType<Body>;
  query?: z.ZodType<Query>;
}

type Event = APIGatewayProxyEventV2WithIAMAuthorizer;

type Stack = middy.MiddlewareObj<Event, APIGatewayProxyStructuredResultV2, Error, Context>;

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
        request.response = toProblem(toDeploymentError(request.error), request.event.rawPath);
      },
    })
    .handler(async (event) => {
      const requestedBy = event.requestContext.authorizer.iam.userArn;
      logger.resetKeys();
      const { service = '', deployment = '', build = '' } = event.pathParameters ?? {};
      const { requestId } = event.requestContext;
      // A deployment's own keys and its correlation id are added by the handler that knows which one it is about.
      logger.appendKeys({
        route: event.routeKey,
        requestedBy,
        requestId,
        target: service || undefined,
        deployment: deployment || undefined,
      });
      const idempotencyKey = keyOf(event);
      const { status, body } = await handler({
        service,
        deployment,
        build,
        body: parse(schemas.body, event.body) as Body,
        query: parse<unknown>(
          schemas.query ?? z.strictObject({}),
          event.queryStringParameters ?? {},
        ) as Query,
        requestedBy,
        route: event.routeKey,
        requestId,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        key: idempotencyKey ?? requestId.replaceAll(/[^\w-]/g, '').slice(0, 36),
      });
      // The log keeps who asked for what: an abort or an unfreeze leaves no record of it.
      if (event.requestContext.http.method !== 'GET')
        logger.info('The request was answered', { path: event.rawPath, status });
      return toAnswer(status, body);
    });
}

/** A body that may be missing is not asked for its content type when it is. */
function parseJsonBody(schema: z.ZodType): Stack {
  const parser = httpJsonBodyParser() as Stack;
  const mayBeMissing = schema.safeParse(undefined).success;
  return {
    before: (request) =>
      mayBeMissing && request.event.body === undefined ? undefined : parser.before?.(request),
  };
}

function parse<T>(schema: z.ZodType<T> | undefined, value: unknown): T | undefined {
  const parsed = schema?.safeParse(value, { error: describeIssue });
  if (parsed?.success === false) throw new DeploymentError('InvalidRequest', joinIssues(parsed.error));
  return parsed?.data;
}

function keyOf({ headers }: Event): string | undefined {
  const parsed = IdempotencyKey.optional().safeParse(headers?.['idempotency-key']);
  if (parsed.success) return parsed.data;
  throw new DeploymentError('InvalidRequest', `Idempotency-Key has to be ${parsed.error.issues[0]?.message}`);
}

function toAnswer(status: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** What is wrong with a member whose schema does not say it itself: zod's own words are for programmers. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `has to be a ${issue.expected}`;
    case 'too_small':
      return `has to have at least ${issue.minimum} characters`;
    case 'too_big':
      return `has to have at most ${issue.maximum} characters`;
    case 'invalid_value':
      return `has to be one of ${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => JSON.stringify(key)).join(', ')} is not known here`;
    default:
      return undefined;
  }
}

/** What does not match the schema, member by member, as part of a sentence. */
const joinIssues = ({ issues }: z.ZodError) =>
  issues.map(({ path, message }) => [...path, message].join(': ')).join(', ');

function toProblem(error: unknown, instance: string): APIGatewayProxyStructuredResultV2 {
  const { name, message, status } = describe(error);
  if (status >= 500) logger.error('The request could not be answered', error as Error);
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      // Asked again with the same key it is answered.
      ...(name === 'RequestInProgress' ? { 'retry-after': '2' } : {}),
    },
    body: JSON.stringify({
      type: `urn:landfall:error:${name}`,
      title: name,
      status,
      detail: message,
      instance,
    }),
  };
}

function describe(error: unknown): { name: string; message: string; status: number } {
  if (error instanceof DeploymentError) {
    const meaning = errors[error.name];
    return {
      name: error.name,
      message: error.refusal,
      status: 'httpStatus' in meaning ? meaning.httpStatus : 500,
    };
  }
  // @middy's own refusals carry their status: 415 of another content type. No JSON is an invalid request like any other.
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500) {
    const name = 'InvalidRequest';
    const { refusal } = new DeploymentError(
      name,
      `${message ?? 'it is malformed'} (a body is JSON, and its content type application/json)`,
    );
    return { name, message: refusal, status: statusCode === 415 ? 415 : errors[name].httpStatus };
  }
  return {
    name: 'InternalError',
    message: 'The request could not be answered; see the log of this function',
    status: 500,
  };
}
