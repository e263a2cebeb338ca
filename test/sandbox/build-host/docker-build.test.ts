import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { build } from '#sandbox/build-host/docker/build/build.ts';
import { renderTemplate } from '#sandbox/build-host/docker/go-template.ts';
import { localImages } from '#sandbox/build-host/docker/local-images.ts';
import { layerFolder } from '#sandbox/ecr/tree.ts';
import { testContext } from '../support/sandbox-context.ts';

const { context, remove } = testContext();
const { directory } = context;
const images = localImages(directory);
afterAll(remove);

/** A build context of these files, built; with what docker printed and what is in the image. */
async function docker(
  files: Record<string, string>,
  options: { target?: string; args?: Record<string, string> } = {},
) {
  const folder = mkdtempSync(join(directory, 'context-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return buildFolder(folder, options);
}

async function buildFolder(folder: string, options: { target?: string; args?: Record<string, string> } = {}) {
  let printed = '';
  const request = {
    directory,
    context: folder,
    dockerfile: join(folder, 'Dockerfile'),
    buildArguments: options.args ?? {},
    labels: {},
    target: options.target,
    useCache: true,
    write: (text: string) => {
      printed += text;
    },
  };
  try {
    const digest = await build(request);
    images.tag(digest, 'test:latest');
    const { document, manifest } = images.get('test:latest');
    const root = layerFolder(directory, manifest.layers[0]?.digest ?? '');
    const read = (path: string) => readFileSync(join(root, path), 'utf8');
    return { digest, config: document.config, root, read, printed, error: undefined };
  } catch (error) {
    return { printed, error: (error as Error).message } as never;
  }
}

const ls = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

describe('docker build', () => {
  it('copies what .dockerignore leaves, and records what the instructions say', async () => {
    const { config, root } = await docker(
      {
        Dockerfile: [
          'ARG BASE=24-slim',
          'FROM node:$BASE',
          'ARG VERSION=none',
          `ENV A=one B="two $A" C=\${VERSION:-unset} D='$A'`,
          `ENV E=\${A}/\${MISSING:-fallback}`,
          'WORKDIR /app',
          'WORKDIR src',
          'COPY package*.json ./',
          'COPY . /app/all',
          'COPY ["with space.txt", "renamed.txt"]',
          'EXPOSE 80 53/udp',
          'LABEL team="web shop"',
          'USER node',
          'STOPSIGNAL SIGINT',
          'HEALTHCHECK --interval=1m30s CMD curl -f http://localhost/',
          'ENTRYPOINT ["node"]',
          'CMD server.js --port $PORT',
        ].join('\n'),
        '.dockerignore': 'node_modules\n*.log\n!keep.log\nDockerfile\n.dockerignore\n',
        'package.json': '{}',
        'package-lock.json': '{}',
        'with space.txt': 'x',
        'node_modules/pg/index.js': 'x',
        'keep.log': 'x',
        'drop.log': 'x',
        'deep/kept.log': 'x',
      },
      { args: { VERSION: '7', UNUSED: 'x' } },
    );

    expect(config).toMatchObject({
      Env: expect.arrayContaining(['A=one', 'B=two ', 'C=7', 'D=$A', 'E=one/fallback']),
      WorkingDir: '/app/src',
      ExposedPorts: { '80/tcp': {}, '53/udp': {} },
      Labels: { team: 'web shop' },
      User: 'node',
      StopSignal: 'SIGINT',
      Healthcheck: { Test: ['CMD-SHELL', 'curl -f http://localhost/'], Interval: 90e9 },
      Entrypoint: ['node'],
      Cmd: ['/bin/sh', '-c', 'server.js --port $PORT'],
    });
    expect(ls(join(root, 'app/src'))).toEqual(['package-lock.json', 'package.json', 'renamed.txt']);
    expect(ls(join(root, 'app/all'))).toEqual([
      'deep',
      'deep/kept.log',
      'keep.log',
      'package-lock.json',
      'package.json',
      'with space.txt',
    ]);
  });

  it('runs commands inside the image: its environment, its folder, and absolute paths that stay in it', async () => {
    const { read, error } = await docker({
      Dockerfile: [
        'FROM node:24 AS build',
        'ARG WHO=world',
        'WORKDIR /srv',
        'RUN echo "hello $WHO" > greeting && mkdir -p /srv/made && cp /srv/greeting /srv/made/copy',
        'RUN ["node", "-e", "fs.writeFileSync(`version`, process.version)"]',
        'FROM scratch',
        'COPY --from=build /srv/made /out/',
        'COPY --from=0 /srv/version /out/',
      ].join('\n'),
    });

    expect(error).toBeUndefined();
    expect(read('out/copy')).toBe('hello world\n');
    expect(read('out/version')).toBe(process.version);
    expect(existsSync('/srv/greeting')).toBe(false);
  });

  it('gives the same image for the same input, and runs nothing twice', async () => {
    const files = {
      Dockerfile: 'FROM node:24\nWORKDIR /w\nCOPY a .\nRUN date +%s%N > now\nCOPY b .',
      a: '1',
      b: '1',
    };

    const first = await docker(files);
    const second = await docker(files);
    const laterStep = await docker({ ...files, b: '2' });
    const earlierStep = await docker({ ...files, a: '2' });

    expect(second.digest).toBe(first.digest);
    expect(second.printed).toContain('RUN date +%s%N > now\n#4 CACHED');
    expect(laterStep.digest).not.toBe(first.digest);
    expect(laterStep.read('w/now')).toBe(first.read('w/now'));
    expect(earlierStep.read('w/now')).not.toBe(first.read('w/now'));
  });

  it('builds examples/webapp with the dependencies of its lock file', async () => {
    const webapp = fileURLToPath(new URL('../../../examples/webapp', import.meta.url));

    const { root, config, error } = await buildFolder(webapp);

    expect(error).toBeUndefined();
    expect(readdirSync(join(root, 'app')).sort()).toEqual(
      ['app', 'bin', 'config', 'db', 'node_modules', 'package-lock.json', 'package.json', 'server.js'].sort(),
    );
    expect(existsSync(join(root, 'app/node_modules/pg/package.json'))).toBe(true);
    expect(config).toMatchObject({ WorkingDir: '/app', User: 'node', Cmd: ['node', 'server.js'] });
  });

  it.each([
    ['FROM node:24\nFRM x', 'dockerfile parse error on line 2: unknown instruction: FRM'],
    ['', 'the Dockerfile cannot be empty'],
    ['RUN true', 'no build stage in current context'],
    [
      'FROM ruby:2.3',
      'ruby:2.3: failed to resolve source metadata for docker.io/library/ruby:2.3: docker.io/library/ruby:2.3: not found',
    ],
    ['FROM node:24\nCOPY nothing.txt .', 'failed to calculate checksum of ref: "/nothing.txt": not found'],
    ['FROM node:24\nCOPY D* x* .', '"/x*": not found'],
    [
      'FROM node:24\nRUN echo half; exit 3',
      'process "/bin/sh -c echo half; exit 3" did not complete successfully: exit code: 3',
    ],
    ['FROM node:24\nRUN apt-get update', 'RUN with apt-get'],
    ['FROM node:24\nADD https://example.com/x /x', 'ADD of https://example.com/x is not supported'],
    ['FROM node:24\nRUN --mount=type=cache,target=/x true', 'RUN --mount is not supported'],
  ])('refuses %j', async (dockerfile, message) => {
    const { error } = await docker({ Dockerfile: dockerfile });

    expect(error).toContain(message);
  });

  it('shows the line that failed and what it printed', async () => {
    const { printed } = await docker({
      Dockerfile: '# why\nFROM node:24\nRUN echo to-be-seen && \\\n  exit 3\nUSER node',
    });

    expect(printed).toMatch(/#2 \d\.\d to-be-seen\n/);
    expect(printed).toContain(
      '   3 | >>> RUN echo to-be-seen && \\\n   4 | >>>   exit 3\n   5 |     USER node\n',
    );
  });

  it('never copies through a link that leads out of the image', async () => {
    const folder = mkdtempSync(join(directory, 'context-'));
    const outside = mkdtempSync(join(directory, 'outside-'));
    symlinkSync(outside, join(folder, 'link'));
    writeFileSync(join(folder, 'file'), 'x');
    writeFileSync(join(folder, 'Dockerfile'), 'FROM node:24\nCOPY link /link\nCOPY file /link/file');

    const { error } = await buildFolder(folder);

    expect(error).toContain('leads out of the image through a link');
    expect(ls(outside)).toEqual([]);
  });
});

describe('docker inspect --format', () => {
  const image = {
    Id: 'sha256:1',
    RepoDigests: ['r@sha256:2'],
    Config: { Cmd: ['a', 'b'], Labels: { x: 'y' } },
  };

  it('renders the forms that people use, and refuses the others', () => {
    expect(renderTemplate('{{.Id}} of {{index .RepoDigests 0}}', image)).toBe('sha256:1 of r@sha256:2');
    expect(renderTemplate('{{json .Config.Cmd}} {{index .Config.Labels "x"}}', image)).toBe('["a","b"] y');
    expect(() => renderTemplate('{{index .RepoDigests 1}}', image)).toThrow('index out of range: 1');
    expect(() => renderTemplate('{{.Nope}}', image)).toThrow('map has no entry for key "Nope"');
    expect(() => renderTemplate('{{range .RepoDigests}}', image)).toThrow('not supported');
  });
});
