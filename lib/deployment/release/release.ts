import * as z from 'zod';
import type { Release } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';

/** release.json as buildspec.yml writes it: what the build made of the commit. */
export const ReleaseFile = z.object({
  service: z.string().min(1),
  /** Repository URI with the tag. */
  image: z.string().min(1),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  commit: z.string().min(1),
  branch: z.string().optional(),
  author: z.string().optional(),
  message: z.string().optional(),
});
export type ReleaseFile = z.infer<typeof ReleaseFile>;

/** What a release is known by: the image's digest, and where its code came from. */
export function describeRelease({ digest, commit, branch, author, message }: ReleaseFile) {
  return {
    digest,
    commit,
    ...(branch ? { branch } : {}),
    ...(author ? { author } : {}),
    ...(message ? { message: message.slice(0, 1_000) } : {}),
  };
}

/** `registry/repository:tag` or `…@sha256:…` → `registry/repository`. A port in the registry's name is no tag. */
export function repositoryOf(image: string): string {
  const withoutDigest = image.split('@')[0] ?? image;
  const slash = withoutDigest.lastIndexOf('/');
  const colon = withoutDigest.indexOf(':', slash + 1);
  return colon === -1 ? withoutDigest : withoutDigest.slice(0, colon);
}

export const pinnedImageOf = (release: Pick<Release, 'image' | 'digest'>) =>
  `${release.image}@${release.digest}`;

/** Reads release.json. Fails with BundleUnreadable. */
export function parseReleaseFile(text: string, where: string): ReleaseFile {
  return parseBundleFile(ReleaseFile, text, where);
}

/** Reads one JSON file of the bundle against its schema. Fails with BundleUnreadable. */
export function parseBundleFile<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new DeploymentError('BundleUnreadable', `${where} is not JSON (${(error as Error).message})`);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success)
    throw new DeploymentError('BundleUnreadable', `${where}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
