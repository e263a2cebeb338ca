import type {
  CreateApiRequest,
  CreateApiResponse,
  DeleteApiRequest,
  GetApiRequest,
  GetApiResponse,
  GetApisResponse,
} from '@aws-sdk/client-apigatewayv2';
import type { Operation } from '#sandbox/core/service.ts';
import { type Api, badRequest } from '../api-store.ts';
import type { HttpApiState } from '../state.ts';

function describe({ context }: HttpApiState, api: Api): GetApiResponse {
  return {
    ApiId: api.apiId,
    ApiEndpoint: `${context.endpoint()}/_api/${api.apiId}`,
    Name: api.name,
    Description: api.description,
    ProtocolType: 'HTTP',
    RouteSelectionExpression: '$request.method $request.path',
    CreatedDate: new Date(api.createdAt),
    DisableExecuteApiEndpoint: false,
  };
}

export function createApi(state: HttpApiState): Operation<CreateApiRequest, CreateApiResponse> {
  return (input) => {
    if (input.ProtocolType !== 'HTTP') throw badRequest('This sandbox has HTTP APIs only, no WebSocket APIs');
    if (input.CorsConfiguration !== undefined)
      throw badRequest('This sandbox does not answer CORS requests for an API');
    const api: Api = {
      apiId: state.store.newId(10),
      name: input.Name ?? '',
      createdAt: state.context.clock.now(),
      routes: new Map(),
      integrations: new Map(),
      stages: new Map(),
      deployments: new Map(),
      ...(input.Description === undefined ? {} : { description: input.Description }),
    };
    state.store.apis.set(api.apiId, api);
    return describe(state, api);
  };
}

export function getApi(state: HttpApiState): Operation<GetApiRequest, GetApiResponse> {
  return (input) => describe(state, state.store.get(input.ApiId));
}

export function getApis(state: HttpApiState): Operation<object, GetApisResponse> {
  return () => ({
    Items: [...state.store.apis.values()].map((api) => describe(state, api)) as GetApisResponse['Items'],
  });
}

export function deleteApi({ store }: HttpApiState): Operation<DeleteApiRequest, object> {
  return (input) => {
    store.apis.delete(store.get(input.ApiId).apiId);
    return {};
  };
}
