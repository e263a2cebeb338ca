import { type Builds, createBuilds } from '#lib/aws/builds.ts';
import { createLogStreams, type LogStreams } from '#lib/aws/log-streams.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { describeBuild } from '#lib/deployment/record/status.ts';
import {
  type BuildObservation,
  deploymentOfBuild,
  hasFailed,
  isBuildOf,
  lastOutputOf,
} from '#lib/deployment/release/build.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { warn } from '#lib/middleware/logger.ts';
import { readServices } from '#lib/operations/configuration.ts';

interface Needs {
  services: () => Services;
  projectPrefix: () => string;
  builds: Pick<Builds, 'get'>;
  streams: Pick<LogStreams, 'tail'>;
  deployments: Pick<Deployments, 'get'>;
}

const LINES = 20;
/** So many events CodeBuild may add after the last one of a command, and still leave enough of those. */
const EVENTS = 200;

/** GET /services/{service}/builds/{build}: its phases, what it failed with, and the deployment that it started. */
export function createGetBuild({ services, projectPrefix, builds, streams, deployments }: Needs) {
  async function find(service: string, id: string): Promise<BuildObservation> {
    const build = isBuildOf(projectPrefix() + service, id) ? await builds.get(id) : undefined;
    if (build === undefined)
      throw new DeploymentError('BuildNotFound', `CodeBuild has no build "${id}" of ${service}`);
    return build;
  }

  /** Its name follows from the build, so that one read of its record says whether it has begun. */
  async function deploymentOf(service: string, build: BuildObservation): Promise<string | undefined> {
    const name = deploymentOfBuild(service, build);
    const record = name === undefined ? undefined : await deployments.get(service, name);
    return record?.build === build.id ? record.deployment : undefined;
  }

  return async ({ service, build: id }: ApiRequest): Promise<ApiAnswer> => {
    settingsOf(services(), service);
    const build = await find(service, id);
    setLogContext({ service, build: build.id, commit: build.commit });
    const stream = hasFailed(build) ? build.log?.stream : undefined;
    const [deployment, log] = await Promise.all([
      deploymentOf(service, build),
      stream === undefined ? [] : streams.tail(stream, EVENTS),
    ]);
    return { status: 200, body: describeBuild(service, build, deployment, lastOutputOf(log, LINES)) };
  };
}

export const handler = forRoute(
  {},
  createGetBuild({
    services: readServices,
    projectPrefix: () => requireEnvironment('PROJECT_PREFIX'),
    builds: createBuilds(),
    streams: createLogStreams(warn),
    deployments: createDeployments(installedTable()),
  }),
);
