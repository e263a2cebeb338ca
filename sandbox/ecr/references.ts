/** An image reference taken apart: `REGISTRY/REPOSITORY:TAG@DIGEST`. */
export interface ImageReference {
  registry: string;
  repository: string;
  tag?: string;
  digest?: string;
}

const PATTERN =
  /^(?:(?<registry>[\w-]+(?:\.[\w.-]+)?(?::\d+)?)\/)?(?<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/**
 * As the docker command reads it: the first part names a registry only if it holds a dot or a colon or is
 * `localhost`; without one it is Docker Hub, whose official images live in `library/`.
 */
export function parseReference(reference: string): ImageReference | undefined {
  const first = reference.split('/')[0] ?? '';
  const hasRegistry = reference.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const match = PATTERN.exec(hasRegistry ? reference : `docker.io/${reference}`);
  if (!match?.groups?.repository) return undefined;
  const { registry = 'docker.io', repository, tag, digest } = match.groups;
  const official = registry === 'docker.io' && !repository.includes('/');
  return { registry, repository: official ? `library/${repository}` : repository, tag, digest };
}

/** The full spelling, `docker.io/library/node:24`, with `latest` where neither tag nor digest is named. */
export function canonical({ registry, repository, tag, digest }: ImageReference): string {
  const suffix = digest ? `@${digest}` : `:${tag ?? 'latest'}`;
  return `${registry}/${repository}${suffix}`;
}
