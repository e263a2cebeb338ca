import type middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import * as z from 'zod';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { IdempotencyKey } from '#lib/deployment/release/request.ts';
import { describeIssue, joinIssues } from './issues.ts';

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

/** What a route takes beside its path. Anything else in the query is refused: `?dryrun=true` must not deploy. */
export interface Schemas<Body, Query> {
  body?: z.ZodType<Body>;
  query?: z.ZodType<Query>;
}

type Event = APIGatewayProxyEventV2WithIAMAuthorizer;

/** Reads the request out of API Gateway's event, whose body has been parsed. Fails with InvalidRequest. */
export function parseRequest<Body, Query>(
  { pathParameters, queryStringParameters, headers, body, routeKey: route, requestContext }: Event,
  schemas: Schemas<Body, Query>,
): ApiRequest<Body, Query> {
  const { service = '', deployment = '', build = '' } = pathParameters ?? {};
  const { requestId, authorizer } = requestContext;
  const idempotencyKey = parseIdempotencyKey(headers?.['idempotency-key']);
  return {
    service,
    deployment,
    build,
    body: parse(schemas.body ?? NOTHING, body) as Body,
    query: parse(schemas.query ?? z.strictObject({}), queryStringParameters ?? {}) as Query,
    requestedBy: authorizer.iam.userArn,
    route,
    requestId,
    idempotencyKey,
    key: idempotencyKey ?? requestId.replaceAll(/[^\w-]/g, '').slice(0, 36),
  };
}

/** The body of a route that takes none is not looked at. */
const NOTHING = z.unknown().transform(() => undefined);

function parse(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  throw new DeploymentError('InvalidRequest', joinIssues(parsed.error));
}

function parseIdempotencyKey(text: string | undefined): string | undefined {
  const parsed = IdempotencyKey.optional().safeParse(text);
  if (parsed.success) return parsed.data;
  throw new DeploymentError('InvalidRequest', `Idempotency-Key has to be ${parsed.error.issues[0]?.message}`);
}

type Stack = middy.MiddlewareObj<Event, APIGatewayProxyStructuredResultV2, Error, Context>;

/** A body that may be missing is not asked for its content type when it is. */
export function parseJsonBody(schema: z.ZodType): Stack {
  const parser = httpJsonBodyParser() as Stack;
  const mayBeMissing = schema.safeParse(undefined).success;
  return {
    before: (request) =>
      mayBeMissing && request.event.body === undefined ? undefined : parser.before?.(request),
  };
}
