import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from '#sandbox/git/command.ts';

/** A developer's checkout of an application. */
export interface Checkout {
  read(file: string): string;
  /** Writes the files (null deletes one), commits all that has changed and pushes it; returns the commit. */
  push(message: string, files?: Record<string, string | null>): Promise<string>;
}

/**
 * A copy of an application to commit in and push from, as its developer would. It has a repository of its own, so
 * that nothing of the project's own history is touched.
 */
export async function createCheckout(source: string, directory: string, remote: string): Promise<Checkout> {
  mkdirSync(directory, { recursive: true });
  cpSync(source, directory, {
    recursive: true,
    filter: (path) => !path.includes(`${join('/', 'node_modules')}`),
  });
  await git(directory, ['init', '--quiet', '--initial-branch=main']);
  await git(directory, ['remote', 'add', 'origin', remote]);

  function write(name: string, content: string | null): void {
    const file = join(directory, name);
    if (content === null) {
      if (!existsSync(file)) throw new Error(`${name} is not there to be deleted`);
      rmSync(file);
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  return {
    read: (file) => readFileSync(join(directory, file), 'utf8'),
    async push(message, files = {}) {
      for (const [name, content] of Object.entries(files)) write(name, content);
      await git(directory, ['add', '--all']);
      await git(directory, ['commit', '--quiet', '--allow-empty', '--message', message]);
      await git(directory, ['push', '--quiet', 'origin', 'main']);
      return git(directory, ['rev-parse', 'HEAD']);
    },
  };
}
