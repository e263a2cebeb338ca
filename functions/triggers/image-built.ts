import { createBuilds } from '#lib/aws/builds.ts';
import { createBundles } from '#lib/aws/bundles.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { createExecutions } from '#lib/aws/states/executions.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import {
  type BuildObservation,
  BuildStateChange,
  buildIdOf,
  describeFailedPhase,
  documentOfBuild,
  serviceOfProject,
} from '#lib/deployment/release/build.ts';
import { parseReleaseFile } from '#lib/deployment/release/release.ts';
import { type ServiceSettings, settingsOf } from '#lib/deployment/settings.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { setLogContext, setLogContextFrom } from '#lib/middleware/log-context.ts';
import { notifications } from '#lib/middleware/notifications.ts';
import { readServices } from '#lib/operations/configuration.ts';

const builds = createBuilds();
const bundles = createBundles();
const executions = createExecutions();

/** A finished build starts a deployment. After one that failed people are notified, and nothing is deployed. */
export const handler = forEvent(BuildStateChange, async (event) => {
  const service = serviceOfProject(event.detail['project-name'], requireEnvironment('PROJECT_PREFIX'));
  const settings = settingsOf(readServices(), service);
  const id = buildIdOf(event);
  setLogContext({ service, build: id });
  const build = await builds.get(id);
  if (build === undefined)
    throw new DeploymentError('InvalidEvent', `CodeBuild does not know the build ${id}`);
  setLogContext({ service, build: id, commit: build.commit });
  if (build.status === 'SUCCEEDED') await deploy(service, settings, build);
  else await reportFailedBuild(service, settings, build);
});

async function deploy(service: string, settings: ServiceSettings, build: BuildObservation): Promise<void> {
  const { id, artifacts } = build;
  if (artifacts === undefined) throw new DeploymentError('BundleUnreadable', `${id} made no artifacts`);
  const file = parseReleaseFile(await bundles.read(artifacts, 'release.json'), `release.json of ${id}`);
  const document = documentOfBuild(service, settings, build, artifacts, file);
  setLogContextFrom(document);
  const { executionArn, started } = await executions.start(document);
  setLogContextFrom(document, executionArn);
  logger.info(started ? 'A deployment was started' : 'The deployment had been started before');
}

async function reportFailedBuild(
  service: string,
  { github }: ServiceSettings,
  build: BuildObservation,
): Promise<void> {
  const { id, status, commit, log } = build;
  const why = [`${id} is ${status}`, describeFailedPhase(build), log?.address]
    .filter((part) => part)
    .join(', ');
  const error = new DeploymentError('BuildFailed', why);
  logger.error('No deployment was started', error);
  await notifications.send({
    service,
    deployment: id,
    build: id,
    status: 'BUILD_FAILED',
    commit,
    error: error.name,
    text: error.message,
    log: log?.address,
    github,
  });
}
