import { mkdirSync } from 'node:fs';
import { git } from '#sandbox/git/command.ts';
import { PhaseError } from './phase-error.ts';

export interface SourceRequest {
  location: string;
  repository: string | undefined;
  version: string | undefined;
  folder: string;
  signal: AbortSignal;
}

/** Clones the source and checks the asked version out; answers the commit it resolved to. */
export async function downloadSource(request: SourceRequest): Promise<string> {
  const { location, repository, folder, signal } = request;
  if (repository === undefined) {
    throw new PhaseError(
      'CLIENT_ERROR',
      `repository not found for primary source and source version ${request.version ?? ''}: ${location} (no such repository in this sandbox)`,
    );
  }
  mkdirSync(folder, { recursive: true });
  await git(folder, ['clone', '--quiet', '--no-checkout', `file://${repository}`, '.'], signal);
  const commit = await resolve(folder, request.version, signal);
  await git(folder, ['-c', 'advice.detachedHead=false', 'checkout', '--quiet', commit], signal);
  return commit;
}

/** A commit, branch, tag, or full ref; `refs/heads/main^{SHA}` names the commit that a ref had. */
async function resolve(folder: string, version: string | undefined, signal: AbortSignal): Promise<string> {
  const pinned = /\^\{([0-9a-f]{40})\}$/.exec(version ?? '')?.[1];
  const name = pinned ?? version ?? '';
  const short = name.replace(/^refs\/(heads|tags)\//, '');
  const candidates =
    name === '' ? ['refs/remotes/origin/HEAD'] : [`refs/remotes/origin/${short}`, `refs/tags/${short}`];
  if (/^[0-9a-f]{7,40}$/.test(name)) candidates.push(name);
  for (const candidate of candidates) {
    try {
      return await git(folder, ['rev-parse', '--verify', '--quiet', `${candidate}^{commit}`], signal);
    } catch {
      signal.throwIfAborted();
    }
  }
  throw new PhaseError('CLIENT_ERROR', `reference not found for primary source and source version ${name}`);
}
