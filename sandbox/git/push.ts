import { git } from './command.ts';

/** A push to a branch or tag of a repository, as a code host would tell a webhook. */
export interface Push {
  repository: string;
  ref: string;
  /** Forty zeros where the ref is new. */
  before: string;
  /** Forty zeros where the ref was deleted. */
  after: string;
  /** Who pushed. There is no login here: the committer of the newest commit. */
  actor: string;
  /** Paths that the push changed. */
  files: string[];
  /** Message of the newest commit. */
  message: string;
}

export const NO_COMMIT = '0'.repeat(40);

/** What a line of a post-receive hook's input (`BEFORE AFTER REF`) means. */
export async function readPush(repository: string, path: string, line: string): Promise<Push | undefined> {
  const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) (refs\/\S+)$/.exec(line);
  if (!match) return undefined;
  const [, before = '', after = '', ref = ''] = match;
  if (after === NO_COMMIT) return { repository, ref, before, after, actor: '', files: [], message: '' };
  const [details, files] = await Promise.all([
    git(path, ['log', '-1', '--format=%ce%n%B', after]),
    before === NO_COMMIT
      ? git(path, ['show', '--format=', '--name-only', after])
      : git(path, ['diff', '--name-only', before, after]),
  ]);
  const [actor = '', ...message] = details.split('\n');
  return {
    repository,
    ref,
    before,
    after,
    actor,
    files: files.split('\n').filter(Boolean),
    message: message.join('\n').trim(),
  };
}
