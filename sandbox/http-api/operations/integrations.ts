import type {
  CreateIntegrationRequest,
  CreateIntegrationResult,
  DeleteIntegrationRequest,
  GetIntegrationsRequest,
  GetIntegrationsResponse,
} from '@aws-sdk/client-apigatewayv2';
import type { Operation } from '#sandbox/core/service.ts';
import { badRequest, type Integration, notFound } from '../api-store.ts';
import type { HttpApiState } from '../state.ts';

/** The longest timeout of an HTTP API's integration. */
const LONGEST_TIMEOUT = 30_000;

function describe(integration: Integration): CreateIntegrationResult {
  return {
    IntegrationId: integration.integrationId,
    IntegrationType: 'AWS_PROXY',
    IntegrationMethod: 'POST',
    IntegrationUri: integration.integrationUri,
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: integration.timeoutInMillis,
    ConnectionType: 'INTERNET',
    Description: integration.description,
  };
}

export function createIntegration({
  store,
}: HttpApiState): Operation<CreateIntegrationRequest, CreateIntegrationResult> {
  return (input) => {
    const api = store.get(input.ApiId);
    const { TimeoutInMillis: timeoutInMillis = LONGEST_TIMEOUT } = input;
    if (input.IntegrationType !== 'AWS_PROXY')
      throw badRequest(`This sandbox does not support integrations of type ${input.IntegrationType}`);
    if (input.PayloadFormatVersion !== '2.0')
      throw badRequest('This sandbox supports payload format version 2.0 only');
    if (timeoutInMillis < 50 || timeoutInMillis > LONGEST_TIMEOUT) {
      throw badRequest(`Timeout should be between 50 ms and ${LONGEST_TIMEOUT} ms`);
    }
    const integration: Integration = {
      integrationId: store.newId(7),
      integrationUri: functionArn(input.IntegrationUri ?? ''),
      timeoutInMillis,
      ...(input.Description === undefined ? {} : { description: input.Description }),
    };
    api.integrations.set(integration.integrationId, integration);
    return describe(integration);
  };
}

/** A function's ARN, as it is or inside `…:lambda:path/2015-03-31/functions/ARN/invocations`. */
function functionArn(uri: string): string {
  const [, arn] =
    /(?:^|\/functions\/)(arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[^/]+)(?:\/invocations)?$/.exec(uri) ??
    [];
  if (arn === undefined) throw badRequest(`Invalid Integration URI specified: ${uri}`);
  return arn;
}

export function getIntegrations({
  store,
}: HttpApiState): Operation<GetIntegrationsRequest, GetIntegrationsResponse> {
  return (input) => ({ Items: [...store.get(input.ApiId).integrations.values()].map(describe) });
}

export function deleteIntegration({ store }: HttpApiState): Operation<DeleteIntegrationRequest, object> {
  return (input) => {
    const id = input.IntegrationId ?? '';
    if (!store.get(input.ApiId).integrations.delete(id))
      throw notFound(`Invalid Integration identifier specified ${id}`);
    return {};
  };
}
