import * as z from 'zod';
import type { DeploymentDocument } from './document.ts';
import { DeploymentError } from './errors.ts';
import { manualExecutionName } from './naming.ts';
import type { ServiceSettings } from './settings.ts';

/** What POST /services/{service}/deployments takes: what to deploy, by image or by ref. */
export const DeploymentRequest = z.union([
  z.strictObject({
    /** A tag, a digest (sha256:…), or a full reference into the service's ECR repository. */
    image: z.string().min(1).max(512),
  }),
  z.strictObject({
    /** A branch, tag or commit for CodeBuild to build. */
    ref: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[\w./@{}^~-]+$/, 'a branch, tag or commit'),
  }),
]);
export type DeploymentRequest = z.infer<typeof DeploymentRequest>;

/** 1–64 visible characters: part of StartExecution's and StartBuild's idempotency. */
export const IdempotencyKey = z.string().regex(/^[\w-]{1,36}$/, '1 to 36 letters, digits, _ or -');

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Reads an image reference against the service's repository. Fails with InvalidRequest. */
export function parseImage(reference: string, repository: string): { tag: string } | { digest: string } {
  if (DIGEST.test(reference)) return { digest: reference };
  const match = /^(?:(?<name>.+?)(?=[:@](?!.*\/)))?[:@]?(?<rest>[^/]+)$/.exec(reference);
  const name = match?.groups?.name;
  const rest = match?.groups?.rest ?? '';
  if (name !== undefined && name !== repository && !name.endsWith(`/${repository}`)) {
    throw new DeploymentError('InvalidRequest', `${reference} is not in the repository ${repository}`);
  }
  if (DIGEST.test(rest)) return { digest: rest };
  if (!/^[\w][\w.-]{0,127}$/.test(rest)) {
    throw new DeploymentError(
      'InvalidRequest',
      `${reference} is neither a tag nor a digest nor a reference into ${repository}`,
    );
  }
  return { tag: rest };
}

/** The deployment of an image that somebody asked for by hand: no bundle, so the running definition is the template. */
export function documentOfImage(
  service: string,
  settings: ServiceSettings,
  image: { registry: string; digest: string },
  request: { key: string; by: string },
): DeploymentDocument {
  return {
    deployment: manualExecutionName(service, image.digest, request.key),
    service,
    settings,
    trigger: { kind: 'image', by: request.by },
    release: { image: `${image.registry}/${settings.repository}`, digest: image.digest },
  };
}
