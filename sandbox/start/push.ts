import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '#sandbox/git/command.ts';

/**
 * Commits a copy of an application and pushes it, as its developer would. The copy has a repository of its own, so
 * that nothing of the project's own history is touched.
 */
export async function pushApplication(source: string, directory: string, remote: string): Promise<string> {
  mkdirSync(directory, { recursive: true });
  cpSync(source, directory, {
    recursive: true,
    filter: (path) => !path.includes(`${join('/', 'node_modules')}`),
  });
  await git(directory, ['init', '--quiet', '--initial-branch=main']);
  await git(directory, ['remote', 'add', 'origin', remote]);
  await git(directory, ['add', '--all']);
  await git(directory, ['commit', '--quiet', '--message', 'Deploy the articles API']);
  await git(directory, ['push', '--quiet', 'origin', 'main']);
  return git(directory, ['rev-parse', 'HEAD']);
}
