import type {
  CreateDeploymentRequest,
  CreateDeploymentResponse,
  DeleteDeploymentRequest,
} from '@aws-sdk/client-apigatewayv2';
import type { Operation } from '#sandbox/core/service.ts';
import { notFound } from '../api-store.ts';
import type { HttpApiState } from '../state.ts';

/** A deployment is recorded; the stages of this sandbox always serve the routes as they are. */
export function createDeployment({
  store,
  context,
}: HttpApiState): Operation<CreateDeploymentRequest, CreateDeploymentResponse> {
  return (input) => {
    const api = store.get(input.ApiId);
    const deployment = { deploymentId: store.newId(6), createdAt: context.clock.now() };
    api.deployments.set(deployment.deploymentId, deployment);
    const stage = api.stages.get(input.StageName ?? '');
    if (stage !== undefined) stage.deploymentId = deployment.deploymentId;
    return {
      DeploymentId: deployment.deploymentId,
      DeploymentStatus: 'DEPLOYED',
      CreatedDate: new Date(deployment.createdAt),
      Description: input.Description,
    };
  };
}

export function deleteDeployment({ store }: HttpApiState): Operation<DeleteDeploymentRequest, object> {
  return (input) => {
    const id = input.DeploymentId ?? '';
    if (!store.get(input.ApiId).deployments.delete(id))
      throw notFound(`Invalid deployment identifier specified ${id}`);
    return {};
  };
}
