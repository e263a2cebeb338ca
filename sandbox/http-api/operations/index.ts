import type { Operation } from '#sandbox/core/service.ts';
import type { HttpApiState } from '../state.ts';
import { createApi, deleteApi, getApi, getApis } from './apis.ts';
import { createAuthorizer } from './create-authorizer.ts';
import { createDeployment, deleteDeployment } from './deployments.ts';
import { createIntegration, deleteIntegration, getIntegrations } from './integrations.ts';
import { createRoute, deleteRoute, getRoutes } from './routes.ts';
import { createStage, deleteStage, getStages, updateStage } from './stages.ts';

/** The operations of API Gateway v2 that this sandbox serves: HTTP APIs only. */
export function apiGatewayOperations(state: HttpApiState): Record<string, Operation> {
  return {
    CreateApi: createApi(state),
    CreateAuthorizer: createAuthorizer(),
    CreateDeployment: createDeployment(state),
    CreateIntegration: createIntegration(state),
    CreateRoute: createRoute(state),
    CreateStage: createStage(state),
    DeleteApi: deleteApi(state),
    DeleteDeployment: deleteDeployment(state),
    DeleteIntegration: deleteIntegration(state),
    DeleteRoute: deleteRoute(state),
    DeleteStage: deleteStage(state),
    GetApi: getApi(state),
    GetApis: getApis(state),
    GetIntegrations: getIntegrations(state),
    GetRoutes: getRoutes(state),
    GetStages: getStages(state),
    UpdateStage: updateStage(state),
  };
}
