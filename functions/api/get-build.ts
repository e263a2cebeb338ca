import { createBuilds } from '#lib/aws/builds.ts';
import { createLogStreams } from '#lib/aws/log-streams.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { warn } from '#lib/aws/sdk/logger.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { describeBuild } from '#lib/deployment/record/status.ts';
import {
  type BuildObservation,
  deploymentOfBuild,
  hasFailed,
  isBuildOf,
  lastOutputOf,
} from '#lib/deployment/release/build.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { readServices } from '#lib/operations/configuration.ts';

const builds = createBuilds();
const streams = createLogStreams(warn);
const deployments = createDeployments();

/** Lines of a failed build's output that the answer has. */
const LINES = 20;
/** So many events CodeBuild may add after the last one of a command, and still leave enough of those. */
const EVENTS = 200;

/** GET /services/{service}/builds/{build}: its phases, what it failed with, and the deployment that it started. */
export const handler = forRoute({}, async ({ service, build: id }) => {
  settingsOf(readServices(), service);
  const build = await findBuild(service, id);
  setLogContext({ service, build: build.id, commit: build.commit });
  const stream = hasFailed(build) ? build.log?.stream : undefined;
  const [deployment, log] = await Promise.all([
    findDeployment(service, build),
    stream === undefined ? [] : streams.tail(stream, EVENTS),
  ]);
  return { status: 200, body: describeBuild(service, build, deployment, lastOutputOf(log, LINES)) };
});

async function findBuild(service: string, id: string): Promise<BuildObservation> {
  const isOurs = isBuildOf(requireEnvironment('PROJECT_PREFIX') + service, id);
  const build = isOurs ? await builds.get(id) : undefined;
  if (build === undefined)
    throw new DeploymentError('BuildNotFound', `CodeBuild has no build "${id}" of ${service}`);
  return build;
}

/** Its name follows from the build, so that one read of its record says whether it has begun. */
async function findDeployment(service: string, build: BuildObservation): Promise<string | undefined> {
  const name = deploymentOfBuild(service, build);
  const record = name === undefined ? undefined : await deployments.get(service, name);
  return record?.build === build.id ? record.deployment : undefined;
}
