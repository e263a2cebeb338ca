import { type Builds, createBuilds } from '#lib/aws/builds.ts';
import { type Bundles, createBundles } from '#lib/aws/bundles.ts';
import type { Notifications } from '#lib/aws/notify/notifications.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import {
  BuildStateChange,
  buildIdOf,
  describeFailedPhase,
  documentOfBuild,
  serviceOfProject,
} from '#lib/deployment/release/build.ts';
import { parseReleaseFile } from '#lib/deployment/release/release.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { setLogContext, setLogContextFrom } from '#lib/middleware/log-context.ts';
import { logger } from '#lib/middleware/logger.ts';
import { installedNotifications } from '#lib/middleware/notifications.ts';
import { readServices } from '#lib/operations/configuration.ts';

interface Needs {
  services: () => Services;
  projectPrefix: () => string;
  builds: Pick<Builds, 'get'>;
  bundles: Bundles;
  executions: Pick<Executions, 'start'>;
  notifications: Notifications;
}

/** A finished build starts a deployment. After one that failed people are notified, and nothing is deployed. */
export function createImageBuilt({
  services,
  projectPrefix,
  builds,
  bundles,
  executions,
  notifications,
}: Needs) {
  return async (event: BuildStateChange): Promise<void> => {
    const service = serviceOfProject(event.detail['project-name'], projectPrefix());
    const settings = settingsOf(services(), service);
    const id = buildIdOf(event);
    setLogContext({ service, build: id });
    const build = await builds.get(id);
    if (build === undefined)
      throw new DeploymentError('InvalidEvent', `CodeBuild does not know the build ${id}`);
    setLogContext({ service, build: id, commit: build.commit });

    if (build.status !== 'SUCCEEDED') {
      const why = [`${id} is ${build.status}`, describeFailedPhase(build), build.log?.address]
        .filter((part) => part)
        .join(', ');
      const error = new DeploymentError('BuildFailed', why);
      logger.error('No deployment was started', error);
      await notifications.send({
        service,
        deployment: id,
        build: id,
        status: 'BUILD_FAILED',
        commit: build.commit,
        error: error.name,
        text: error.message,
        log: build.log?.address,
        github: settings.github,
      });
      return;
    }
    if (build.artifacts === undefined)
      throw new DeploymentError('BundleUnreadable', `${id} made no artifacts`);
    const file = parseReleaseFile(
      await bundles.read(build.artifacts, 'release.json'),
      `release.json of ${id}`,
    );
    const document = documentOfBuild(service, settings, build, build.artifacts, file);
    setLogContextFrom(document);
    const { executionArn, started } = await executions.start(document);
    setLogContextFrom(document, executionArn);
    logger.info(started ? 'A deployment was started' : 'The deployment had been started before');
  };
}

export const handler = forEvent(
  BuildStateChange,
  createImageBuilt({
    services: readServices,
    projectPrefix: () => requireEnvironment('PROJECT_PREFIX'),
    builds: createBuilds(),
    bundles: createBundles(),
    executions: createExecutions(),
    notifications: installedNotifications(),
  }),
);
