import type { CreatedResource, ResourceRequest, ResourceType } from './resource-type.ts';
import { integer } from './shape.ts';

type Request = Pick<ResourceRequest, 'services'>;

/** What belongs to an API is created by Create{Kind}, deleted by Delete{Kind} and known by {Kind}Id. */
async function createPart(
  { services }: Request,
  kind: string,
  input: Record<string, unknown>,
): Promise<CreatedResource> {
  const answer = await services.call('apigateway', `Create${kind}`, input);
  const idName = `${kind}Id`;
  const id = answer[idName];
  const remove = () => services.call('apigateway', `Delete${kind}`, { ApiId: input.ApiId, [idName]: id });
  return { physicalId: id, attributes: { [idName]: id }, remove };
}

/** AWS::ApiGatewayV2::Api. */
export const api: ResourceType = {
  properties: [
    'Name',
    'ProtocolType',
    'Description',

    'DisableExecuteApiEndpoint',
    'RouteSelectionExpression',
  ],
  recorded: ['Tags', 'Version', 'FailOnWarnings'],
  async create({ properties, services }) {
    const { ApiId, ApiEndpoint } = await services.call('apigateway', 'CreateApi', properties);
    const remove = () => services.call('apigateway', 'DeleteApi', { ApiId });
    return { physicalId: ApiId, attributes: { ApiId, ApiEndpoint }, remove };
  },
};

/** AWS::ApiGatewayV2::Stage. */
export const stage: ResourceType = {
  properties: [
    'ApiId',
    'StageName',
    'AutoDeploy',
    'Description',
    'DefaultRouteSettings',
    'RouteSettings',
    'StageVariables',
    'AccessLogSettings',
    'DeploymentId',
  ],
  recorded: ['Tags'],
  async create({ properties, services }) {
    await services.call('apigateway', 'CreateStage', properties);
    const { ApiId, StageName } = properties;
    return {
      physicalId: String(StageName),
      remove: () => services.call('apigateway', 'DeleteStage', { ApiId, StageName }),
    };
  },
};

/** AWS::ApiGatewayV2::Integration. */
export const integration: ResourceType = {
  properties: [
    'ApiId',
    'IntegrationType',
    'IntegrationUri',
    'IntegrationMethod',
    'PayloadFormatVersion',
    'TimeoutInMillis',
    'Description',
  ],
  create: (request) =>
    createPart(request, 'Integration', {
      ...request.properties,
      TimeoutInMillis: integer(request.properties.TimeoutInMillis),
    }),
};

/** AWS::ApiGatewayV2::Route. */
export const route: ResourceType = {
  properties: [
    'ApiId',
    'RouteKey',
    'Target',
    'AuthorizationType',
    'AuthorizerId',
    'AuthorizationScopes',
    'OperationName',
  ],
  create: (request) => createPart(request, 'Route', request.properties),
};

/** AWS::ApiGatewayV2::Authorizer. */
export const authorizer: ResourceType = {
  properties: '*',
  create: (request) => createPart(request, 'Authorizer', request.properties),
};

/** AWS::ApiGatewayV2::Deployment. */
export const deployment: ResourceType = {
  properties: ['ApiId', 'StageName', 'Description'],
  create: (request) => createPart(request, 'Deployment', request.properties),
};
