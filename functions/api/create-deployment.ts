import * as z from 'zod';
import { createBuilds } from '#lib/aws/builds.ts';
import { createImages } from '#lib/aws/images.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { createExecutions } from '#lib/aws/states/executions.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
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
import { settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { setLogContext, setLogContextFrom } from '#lib/middleware/log-context.ts';
import { once } from '#lib/middleware/once.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { performDryRun } from '#lib/operations/dry-run.ts';
import { findRelease } from '#lib/operations/releases.ts';

const builds = createBuilds();
const images = createImages();
const executions = createExecutions();
const items = createServiceItems();

const Query = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});

type Request = ApiRequest<DeploymentRequest, z.infer<typeof Query>>;

/**
 * POST /services/{service}/deployments: by image or commit starts the pipeline, or with dryRun only says what it would
 * do; by ref starts a build that will start it.
 */
export const handler = forRoute({ body: DeploymentRequest, query: Query }, async (request) => {
  refusePullRequest(request.body, settingsOf(readServices(), request.service));
  return request.query.dryRun ? answerDryRun(request) : once(request, () => start(request));
});

async function start(request: Request): Promise<ApiAnswer> {
  const { service, body } = request;
  refuseFrozen(await items.read(service), now());
  if ('ref' in body) return startBuild(request, body.ref);
  const document = await documentOf(request, body);
  setLogContextFrom(document);
  const { executionArn: execution } = await executions.start(document);
  setLogContextFrom(document, execution);
  const { deployment, release } = document;
  const correlationId = correlationIdOf({ deployment, build: release.build?.id });
  return { status: 202, body: { service, deployment, execution, correlationId, digest: release.digest } };
}

async function startBuild({ service, requestedBy, key }: Request, ref: string): Promise<ApiAnswer> {
  const { id } = await builds.start(projectOf(service), ref, { idempotencyToken: key, requestedBy });
  setLogContext({ service, build: id });
  const correlationId = correlationIdOf({ build: id });
  return { status: 202, body: { service, build: id, correlationId, ref } };
}

async function answerDryRun(request: Request): Promise<ApiAnswer> {
  const { body } = request;
  if ('ref' in body)
    throw new DeploymentError('InvalidRequest', 'what a ref would change is known once it has been built', {
      remedy: 'deploy it, or try a commit or an image that has been built',
    });
  const document = await documentOf(request, body);
  const { service, release, settings } = document;
  const [tried, item] = await Promise.all([performDryRun(document), items.read(service)]);
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

/** The document of a release that has been built: an image, or a commit. */
async function documentOf(
  { service, requestedBy, key }: Request,
  built: Exclude<DeploymentRequest, { ref: string }>,
): Promise<DeploymentDocument> {
  const settings = settingsOf(readServices(), service);
  const request = { key, requestedBy };
  if ('commit' in built) {
    const { bundle, file } = await findRelease(service, projectOf(service), built.commit);
    return documentOfCommit(service, settings, bundle, file, request);
  }
  const { repository } = settings;
  const registry = requireEnvironment('REGISTRY');
  const digest = await images.digestOf(repository, parseImage(built.image, { registry, repository }));
  return documentOfImage(service, settings, { registry, digest }, request);
}

const projectOf = (service: string) => requireEnvironment('PROJECT_PREFIX') + service;
