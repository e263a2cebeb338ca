import * as z from 'zod';
import { type Builds, createBuilds } from '#lib/aws/builds.ts';
import { createBundles } from '#lib/aws/bundles.ts';
import { createImages, type Images } from '#lib/aws/images.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { environment } from '#lib/aws/sdk/environment.ts';
import { createExecutions, type Executions } from '#lib/aws/states/executions.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { createRequests } from '#lib/aws/table/requests.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/table/service-items.ts';
import { table } from '#lib/aws/table/table.ts';
import { refuseFrozen } from '#lib/deployment/claim/freeze.ts';
import { refusalOf } from '#lib/deployment/claim/request.ts';
import { correlationIdOf } from '#lib/deployment/correlation.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { describeTurn } from '#lib/deployment/record/status.ts';
import {
  DeploymentRequest,
  documentOfCommit,
  documentOfImage,
  parseImage,
  refusePullRequest,
} from '#lib/deployment/release/request.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { createOnce, type Once } from '#lib/middleware/once.ts';
import { concern, concernDocument } from '#lib/middleware/subject.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { type DryRun, dryRun } from '#lib/operations/dry-run.ts';
import { createReleases, type Releases } from '#lib/operations/releases.ts';

const Query = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});
type Query = z.infer<typeof Query>;

interface Needs {
  services: () => Services;
  registry: () => string;
  projectPrefix: () => string;
  items: Pick<ServiceItems, 'read'>;
  images: Images;
  releases: Releases;
  builds: Pick<Builds, 'start'>;
  executions: Pick<Executions, 'start'>;
  dryRun: DryRun;
  once: Once;
  now: Now;
}

/**
 * POST /services/{service}/deployments: by image or commit starts the pipeline, or with dryRun only says what it would
 * do; by ref starts a build that will start it.
 */
export function createCreateDeployment(needs: Needs) {
  const { services, items, builds, executions, now } = needs;
  type Request = ApiRequest<DeploymentRequest, Query>;

  async function documentOf({
    service,
    body,
    caller,
    key,
  }: Request): Promise<DeploymentDocument | undefined> {
    if ('ref' in body) return undefined;
    const settings = settingsOf(services(), service);
    const request = { key, by: caller };
    if ('commit' in body) {
      const project = needs.projectPrefix() + service;
      const { bundle, file } = await needs.releases.ofCommit(service, project, body.commit);
      return documentOfCommit(service, settings, bundle, file, request);
    }
    const { repository } = settings;
    const registry = needs.registry();
    const digest = await needs.images.digestOf(repository, parseImage(body.image, { registry, repository }));
    return documentOfImage(service, settings, { registry, digest }, request);
  }

  async function build({ service, body, caller, key }: Request): Promise<ApiAnswer> {
    const ref = 'ref' in body ? body.ref : '';
    const options = { idempotencyToken: key, startedBy: caller };
    const { id } = await builds.start(needs.projectPrefix() + service, ref, options);
    concern({ service, build: id });
    const correlationId = correlationIdOf({ build: id });
    return { status: 202, body: { service, build: id, correlationId, ref } };
  }

  async function tryIt(request: Request): Promise<ApiAnswer> {
    const document = await documentOf(request);
    if (document === undefined)
      throw new DeploymentError('InvalidRequest', 'what a ref would change is known once it has been built', {
        remedy: 'deploy it, or try a commit or an image that has been built',
      });
    const { service, release, settings } = document;
    const [tried, item] = await Promise.all([needs.dryRun(document), items.read(service)]);
    const refused = refusalOf(item, settings, now());
    const verification =
      refused === undefined || tried.verification.problem !== null
        ? tried.verification
        : { passed: false, problem: { error: refused.name, message: refused.refusal } };
    return {
      status: 200,
      body: { service, digest: release.digest, ...tried, verification, ...describeTurn(item, now()) },
    };
  }

  async function start(request: Request): Promise<ApiAnswer> {
    const { service } = request;
    refuseFrozen(await items.read(service), now());
    const document = await documentOf(request);
    if (document === undefined) return build(request);
    concernDocument(document);
    const { executionArn: execution } = await executions.start(document);
    concernDocument(document, execution);
    const { deployment, release } = document;
    const correlationId = correlationIdOf({ deployment, build: release.build?.id });
    return { status: 202, body: { service, deployment, execution, correlationId, digest: release.digest } };
  }

  return async (request: Request): Promise<ApiAnswer> => {
    refusePullRequest(request.body, settingsOf(services(), request.service));
    return request.query.dryRun ? tryIt(request) : needs.once(request, () => start(request));
  };
}

const builds = createBuilds();

export const handler = forRoute(
  { body: DeploymentRequest, query: Query },
  createCreateDeployment({
    services: readServices,
    registry: () => environment('REGISTRY'),
    projectPrefix: () => environment('PROJECT_PREFIX'),
    items: createServiceItems(table()),
    images: createImages(),
    releases: createReleases(createDeployments(table()), builds, createBundles()),
    builds,
    executions: createExecutions(),
    dryRun: dryRun(),
    once: createOnce(createRequests(table()), now),
    now,
  }),
);
