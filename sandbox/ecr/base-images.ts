import type { RuntimeConfig } from './manifest.ts';
import { parseReference } from './references.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const NODE_REPOSITORIES = ['docker.io/library/node', 'public.ecr.aws/docker/library/node'];

/**
 * The public images that exist without a registry: every tag of the official `node` image, as an empty tree
 * whose Node is this machine's (NODE_VERSION says which, as in the real image).
 */
export function baseImage(reference: string): RuntimeConfig | undefined {
  const parsed = parseReference(reference);
  if (!parsed || !NODE_REPOSITORIES.includes(`${parsed.registry}/${parsed.repository}`)) return undefined;
  return {
    Env: [`PATH=${DEFAULT_PATH}`, `NODE_VERSION=${process.versions.node}`],
    WorkingDir: '/',
    Cmd: ['node'],
  };
}

/** What docker gives a container whose image sets no PATH. */
export const scratchImage = (): RuntimeConfig => ({ Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' });
