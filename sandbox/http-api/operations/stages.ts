import type {
  CreateStageRequest,
  CreateStageResponse,
  DeleteStageRequest,
  GetStagesRequest,
  GetStagesResponse,
  RouteSettings,
  UpdateStageRequest,
  UpdateStageResponse,
} from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import { badRequest, notFound, type Stage } from '../api-store.ts';
import type { HttpApiState } from '../state.ts';

function describe(stage: Stage): CreateStageResponse & { StageName: string } {
  return {
    StageName: stage.stageName,
    AutoDeploy: stage.autoDeploy,
    CreatedDate: new Date(stage.createdAt),
    DeploymentId: stage.deploymentId,
    DefaultRouteSettings: stage.defaultRouteSettings,
    RouteSettings: stage.routeSettings,
    StageVariables: stage.stageVariables,
    AccessLogSettings: stage.accessLogSettings,
  };
}

export function createStage({
  store,
  context,
}: HttpApiState): Operation<CreateStageRequest, CreateStageResponse> {
  return (input) => {
    const api = store.get(input.ApiId);
    const { StageName: stageName = '' } = input;
    if (!/^([\w-]{1,128}|\$default)$/.test(stageName)) throw badRequest(`Invalid stage name: ${stageName}`);
    if (api.stages.has(stageName))
      throw new AwsError('ConflictException', 'Stage already exists', { httpStatus: 409 });
    const stage: Stage = {
      stageName,
      autoDeploy: input.AutoDeploy ?? false,
      createdAt: context.clock.now(),
      defaultRouteSettings: numeric(input.DefaultRouteSettings ?? {}),
      routeSettings: eachNumeric(input.RouteSettings ?? {}),
      stageVariables: input.StageVariables ?? {},
      ...(input.DeploymentId === undefined ? {} : { deploymentId: input.DeploymentId }),
      ...(input.AccessLogSettings === undefined ? {} : { accessLogSettings: input.AccessLogSettings }),
    };
    api.stages.set(stageName, stage);
    return describe(stage);
  };
}

/** What is given takes the place of what was; the rest stays. */
export function updateStage({ store }: HttpApiState): Operation<UpdateStageRequest, UpdateStageResponse> {
  return (input) => {
    const { ApiId, StageName = '', DefaultRouteSettings, RouteSettings } = input;
    const stage = store.get(ApiId).stages.get(StageName);
    if (stage === undefined) throw notFound(`Invalid stage identifier specified ${StageName}`);
    const { AutoDeploy, DeploymentId, StageVariables, AccessLogSettings } = input;
    if (AutoDeploy !== undefined) stage.autoDeploy = AutoDeploy;
    if (DeploymentId !== undefined) stage.deploymentId = DeploymentId;
    if (StageVariables !== undefined) stage.stageVariables = StageVariables;
    if (AccessLogSettings !== undefined) stage.accessLogSettings = AccessLogSettings;
    if (DefaultRouteSettings !== undefined) stage.defaultRouteSettings = numeric(DefaultRouteSettings);
    if (RouteSettings !== undefined) Object.assign(stage.routeSettings, eachNumeric(RouteSettings));
    return describe(stage);
  };
}

const eachNumeric = (settings: Record<string, RouteSettings>) =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, numeric(value)]));

/** Templates may write the limits as texts. */
function numeric(settings: RouteSettings): RouteSettings {
  const { ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate } = settings;
  return {
    ...settings,
    ...(burst === undefined ? {} : { ThrottlingBurstLimit: Number(burst) }),
    ...(rate === undefined ? {} : { ThrottlingRateLimit: Number(rate) }),
  };
}

export function getStages({ store }: HttpApiState): Operation<GetStagesRequest, GetStagesResponse> {
  return (input) => ({ Items: [...store.get(input.ApiId).stages.values()].map(describe) });
}

export function deleteStage({ store }: HttpApiState): Operation<DeleteStageRequest, object> {
  return (input) => {
    const name = input.StageName ?? '';
    if (!store.get(input.ApiId).stages.delete(name))
      throw notFound(`Invalid stage identifier specified ${name}`);
    return {};
  };
}
