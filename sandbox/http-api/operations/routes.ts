import type {
  CreateRouteRequest,
  CreateRouteResult,
  DeleteRouteRequest,
  GetRoutesRequest,
  GetRoutesResponse,
} from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import { badRequest, notFound, type Route } from '../api-store.ts';
import { parseRouteKey } from '../requests/routing.ts';
import type { HttpApiState } from '../state.ts';

function describe(route: Route): CreateRouteResult & { RouteKey: string } {
  return {
    RouteId: route.routeId,
    RouteKey: route.routeKey,
    Target: route.target === undefined ? undefined : `integrations/${route.target}`,
    AuthorizationType: route.authorizationType,
    ApiKeyRequired: false,
    OperationName: route.operationName,
  };
}

export function createRoute({ store }: HttpApiState): Operation<CreateRouteRequest, CreateRouteResult> {
  return (input) => {
    const api = store.get(input.ApiId);
    const { RouteKey: routeKey = '', AuthorizationType: authorizationType = 'NONE' } = input;
    const pattern = parseRouteKey(routeKey);
    if (pattern === undefined)
      throw badRequest(`The provided route key is not formatted properly for HTTP protocol: ${routeKey}`);
    if (authorizationType !== 'NONE' && authorizationType !== 'AWS_IAM') {
      throw badRequest(`This sandbox does not support the authorization type ${authorizationType}`);
    }
    if ([...api.routes.values()].some((route) => route.routeKey === routeKey)) {
      throw new AwsError('ConflictException', `Route with key ${routeKey} already exists for this API`, {
        httpStatus: 409,
      });
    }
    const target = input.Target?.replace(/^integrations\//, '');
    if (target !== undefined && !api.integrations.has(target))
      throw badRequest(`Invalid Integration identifier specified ${target}`);
    const route: Route = {
      ...pattern,
      routeId: store.newId(7),
      authorizationType,
      ...(target === undefined ? {} : { target }),
      ...(input.OperationName === undefined ? {} : { operationName: input.OperationName }),
    };
    api.routes.set(route.routeId, route);
    return describe(route);
  };
}

export function getRoutes({ store }: HttpApiState): Operation<GetRoutesRequest, GetRoutesResponse> {
  return (input) => ({ Items: [...store.get(input.ApiId).routes.values()].map(describe) });
}

export function deleteRoute({ store }: HttpApiState): Operation<DeleteRouteRequest, object> {
  return (input) => {
    const id = input.RouteId ?? '';
    if (!store.get(input.ApiId).routes.delete(id)) throw notFound(`Invalid Route identifier specified ${id}`);
    return {};
  };
}
