import { timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { type HttpHandler, plainText } from '#sandbox/wire/http-handler.ts';
import { reply } from '#sandbox/wire/server.ts';
import { git } from './command.ts';
import { serveRepository } from './http-backend.ts';
import { isGitPath, REPOSITORY_NAME, readGitPath } from './paths.ts';
import { type Push, readPush } from './push.ts';
import { installReceiveHook } from './receive-hook.ts';

export interface GitHost {
  /**
   * The bare repository `NAME.git`, made where it is missing (its default branch is main): its path, and the
   * URL it can be cloned from and pushed to. The front door has to listen already.
   */
  repository(name: string): Promise<{ path: string; url: string }>;
  /** The bare repository that stands for a source location (https://github.com/OWNER/webapp.git), if there is one. */
  locate(location: string): string | undefined;
  /** Serves /git/NAME.git and the pushes that hooks report. */
  handler: HttpHandler;
}

/** The code host of this sandbox: bare repositories of the real git, at /git/ of the one port and as paths. */
export function createGit(
  context: SandboxContext,
  { onPush }: { onPush: (push: Push) => void },
  options: { defaultBranch?: string } = {},
): GitHost {
  const root = join(context.directory, 'git');
  const token = context.random.hex(32);
  const pathOf = (name: string) => join(root, `${name}.git`);

  async function create(name: string): Promise<void> {
    mkdirSync(root, { recursive: true });
    const branch = options.defaultBranch ?? 'main';
    await git(root, ['init', '--quiet', '--bare', `--initial-branch=${branch}`, pathOf(name)]);
    const hooks = installReceiveHook(pathOf(name), `${context.endpoint()}/_git/received/${name}`, token);
    await git(pathOf(name), ['config', 'core.hooksPath', hooks]);
    // Without a login, git http-backend takes pushes only where the repository says so.
    await git(pathOf(name), ['config', 'http.receivepack', 'true']);
  }

  async function received(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isToken(request.headers['x-git-token'], token)) {
      response.writeHead(403).end();
      return;
    }
    for (const line of (await text(request)).split('\n').filter(Boolean)) {
      const push = await readPush(name, pathOf(name), line);
      if (push) onPush(push);
    }
    response.writeHead(204).end();
  }

  return {
    async repository(name) {
      if (!REPOSITORY_NAME.test(name))
        throw new Error(`'${name}' is no name for a repository: use letters, digits, dots and dashes`);
      if (!existsSync(pathOf(name))) await create(name);
      return { path: pathOf(name), url: `${context.endpoint()}/git/${name}.git` };
    },
    locate(location) {
      const name = repositoryName(location);
      return name !== undefined && existsSync(pathOf(name)) ? pathOf(name) : undefined;
    },
    handler: {
      name: 'git',
      takes: ({ path }) => isGitPath(path),
      async handle(request, response) {
        const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
        const { repository, asked } = readGitPath(path) ?? {};
        if (repository === undefined || !existsSync(pathOf(repository))) {
          reply(request, response, noRepository(path));
        } else if (asked === 'received') {
          await received(repository, request, response);
        } else {
          await serveRepository(root, `/${repository}.git/${asked}`, query, request, response);
        }
      },
      forbidden: (message) => plainText(403, message),
    },
  };
}

const noRepository = (path: string) =>
  plainText(404, `Not found: ${path} is the address of no repository. The sandbox's are /git/NAME.git.`);

/** The last segment of a URL or path, without `.git`: the owner of a repository plays no part here. */
export function repositoryName(location: string): string | undefined {
  const name = location
    .replace(/\/+$/, '')
    .split(/[/:]/)
    .at(-1)
    ?.replace(/\.git$/, '');
  return name !== undefined && REPOSITORY_NAME.test(name) ? name : undefined;
}

function isToken(given: string | string[] | undefined, token: string): boolean {
  const candidate = Buffer.from(String(given));
  return candidate.length === token.length && timingSafeEqual(candidate, Buffer.from(token));
}
