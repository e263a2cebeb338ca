import { type Builds, createBuilds } from '#lib/aws/builds.ts';
import { environment } from '#lib/aws/environment.ts';
import { createExecutions, type Executions } from '#lib/aws/executions.ts';
import { createImages, type Images } from '#lib/aws/images.ts';
import { readServices } from '#lib/configuration.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { DeploymentRequest, documentOfImage, IdempotencyKey, parseImage } from '#lib/deployment/request.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';

interface Needs {
  services: () => Services;
  registry: () => string;
  projectPrefix: () => string;
  images: Images;
  builds: Pick<Builds, 'start'>;
  executions: Pick<Executions, 'start'>;
}

/** POST /services/{service}/deployments: by image starts the pipeline, by ref starts a build that will. */
export function createCreateDeployment({
  services,
  registry,
  projectPrefix,
  images,
  builds,
  executions,
}: Needs) {
  return async ({
    service,
    body,
    caller,
    requestId,
    idempotencyKey,
  }: ApiRequest<DeploymentRequest>): Promise<ApiAnswer> => {
    const settings = settingsOf(services(), service);
    const key = keyOf(idempotencyKey ?? requestId.replaceAll(/[^\w-]/g, '').slice(0, 36));
    if ('ref' in body) {
      const build = await builds.start(`${projectPrefix()}${service}`, body.ref, key);
      return { status: 202, body: { service, build: build.id, ref: body.ref } };
    }
    const { repository } = settings;
    const image = parseImage(body.image, { registry: registry(), repository });
    const digest = await images.digestOf(repository, image);
    const document = documentOfImage(
      service,
      settings,
      { registry: registry(), digest },
      { key, by: caller },
    );
    const { executionArn } = await executions.start(document);
    return {
      status: 202,
      body: { service, deployment: document.deployment, execution: executionArn, digest },
    };
  };
}

function keyOf(key: string): string {
  const parsed = IdempotencyKey.safeParse(key);
  if (!parsed.success)
    throw new DeploymentError(
      'InvalidRequest',
      `Idempotency-Key has to be ${parsed.error.issues[0]?.message}`,
    );
  return parsed.data;
}

export const handler = forRoute(
  DeploymentRequest,
  createCreateDeployment({
    services: readServices,
    registry: () => environment('REGISTRY'),
    projectPrefix: () => environment('PROJECT_PREFIX'),
    images: createImages(),
    builds: createBuilds(),
    executions: createExecutions(),
  }),
);
