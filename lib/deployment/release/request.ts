import * as z from 'zod';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { nameManualExecution } from '#lib/deployment/naming.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { describeRelease, type ReleaseFile, repositoryOf } from './release.ts';

/** What POST /services/{service}/deployments takes: what to deploy, by image, by commit or by ref. */
export const DeploymentRequest = z.union(
  [
    z.strictObject({
      /** A tag, a digest (sha256:…), or a full reference into the service's ECR repository. */
      image: z.string().min(1).max(512),
    }),
    z.strictObject({
      /** A commit that has been built, shortened to no less than git itself does. */
      commit: z.string().regex(/^[0-9a-f]{7,40}$/, 'has to be 7 to 40 hexadecimal digits'),
    }),
    z.strictObject({
      /** A branch, tag or commit for CodeBuild to build; never an option of the git command. */
      ref: z
        .string()
        .min(1)
        .max(255)
        .regex(/^(?!-)[\w./@{}^~-]+$/, 'has to be a branch, tag or commit'),
    }),
  ],
  { error: 'expected one of {"image": "…"}, {"commit": "…"} and {"ref": "…"}' },
);
export type DeploymentRequest = z.infer<typeof DeploymentRequest>;

/** Full refs other than branches and tags, and the short names of pull requests: pr/7 is CodeBuild's own. */
const OUTSIDE_BRANCHES = /^\/*(refs\/+(?!(heads|tags)\/)|(pr|pull|pull-requests|merge-requests)\/+\d)/i;

/** Refuses a pull request's ref where services.yml does not allow it. Fails with InvalidRequest. */
export function refusePullRequest(
  request: DeploymentRequest,
  { allowPullRequests = false }: Pick<ServiceSettings, 'allowPullRequests'>,
): void {
  if (allowPullRequests || !('ref' in request) || !OUTSIDE_BRANCHES.test(request.ref)) return;
  throw new DeploymentError(
    'InvalidRequest',
    `${request.ref} may be a pull request's, which anybody can write`,
    { remedy: 'merge it first, or set allowPullRequests: true in services.yml' },
  );
}

/** What POST /services/{service}/rollback takes: nothing, or the deployment whose release is wanted back. */
export const RollbackRequest = z
  .strictObject({
    /** Freezes the service in the same moment; the rollback goes on all the same. */
    freeze: z.lazy(() => FreezeRequest).optional(),
    to: z.string().min(1).max(80).optional(),
    /** Also while the service is frozen, and to a release that cannot run on the schema, as far as services.yml says. */
    force: z.boolean().optional(),
  })
  .default({});
export type RollbackRequest = z.infer<typeof RollbackRequest>;

/** What PUT /services/{service}/freeze takes. */
export const FreezeRequest = z.strictObject({
  /** Shown to everybody who deploys, on their terminals too: no control characters, and no change of direction. */
  reason: z
    .string()
    .max(256)
    .regex(
      /^(?=.*\S)[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u,
      'has to say why, on one line without control characters',
    ),
  until: z.iso.datetime({ offset: true, error: 'has to be a time as in 2030-01-31T12:00:00Z' }).optional(),
});
export type FreezeRequest = z.infer<typeof FreezeRequest>;

/** Part of the execution's name and of StartBuild's idempotency token. */
export const IdempotencyKey = z.string().regex(/^[\w-]{1,36}$/, '1 to 36 letters, digits, _ or -');

const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const REFERENCE = /^(?<name>[^@]+?)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/**
 * Reads what somebody calls an image: a tag, a digest, or a reference into the service's repository, with or without
 * its registry. A digest beats a tag beside it, as in docker. Fails with InvalidRequest.
 */
export function parseImage(
  image: string,
  { registry, repository }: { registry: string; repository: string },
): { tag: string } | { digest: string } {
  if (DIGEST.test(image)) return { digest: image };
  if (TAG.test(image)) return { tag: image };
  const { name, tag, digest } = REFERENCE.exec(image)?.groups ?? {};
  if (name !== repository && name !== `${registry}/${repository}`) {
    throw new DeploymentError(
      'InvalidRequest',
      `${image} is not in the repository ${registry}/${repository}`,
      { remedy: 'push it there and name it by its tag or digest' },
    );
  }
  if (digest !== undefined) return { digest };
  if (tag !== undefined) return { tag };
  throw new DeploymentError('InvalidRequest', `${image} names neither a tag nor a digest`, {
    remedy: 'add one of them',
  });
}

/** The deployment of an image that somebody asked for by hand: no bundle, so the running definition is the template. */
export function documentOfImage(
  service: string,
  settings: ServiceSettings,
  image: { registry: string; digest: string },
  request: { key: string; requestedBy: string },
): DeploymentDocument {
  return {
    deployment: nameManualExecution(service, image.digest, request.key),
    service,
    settings,
    trigger: { kind: 'image', requestedBy: request.requestedBy },
    release: { image: `${image.registry}/${settings.repository}`, digest: image.digest },
  };
}

/** The deployment of a commit that has been built before: with its bundle, and so with its migration. */
export function documentOfCommit(
  service: string,
  settings: ServiceSettings,
  bundle: { bucket: string; prefix: string },
  file: ReleaseFile,
  request: { key: string; requestedBy: string },
): DeploymentDocument {
  return {
    deployment: nameManualExecution(service, file.digest, request.key),
    service,
    settings,
    trigger: { kind: 'commit', requestedBy: request.requestedBy },
    // Without the build's number: builds that finish out of order give way to newer ones, who asks by hand does not.
    release: { image: repositoryOf(file.image), ...describeRelease(file), bundle },
  };
}
