import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What a file may not import, with the reason that the linter gives. */
const refused: [file: string, imported: string, reason: RegExp][] = [
  ['lib/deployment/sdk.ts', '@aws-sdk/client-ecs', /lib\/deployment is pure/],
  ['lib/deployment/node.ts', 'node:fs', /lib\/deployment is pure/],
  ['lib/deployment/adapter.ts', '#lib/aws/clock.ts', /lib\/deployment is pure/],
  ['lib/deployment/adapter-by-path.ts', '../aws/clock.ts', /lib\/deployment is pure/],
  ['functions/states/sdk.ts', '@aws-sdk/client-ecs', /under lib\/aws only/],
  ['functions/states/sandbox.ts', '#sandbox/core/clock.ts', /Nothing that ships imports the sandbox/],
  ['functions/states/sandbox-by-path.ts', '../../sandbox/core/clock.ts', /Nothing that ships/],
  ['functions/states/handler.ts', '#functions/states/run-migration.ts', /imported by nobody/],
  ['lib/deployment/claim/operation.ts', '#lib/operations/claims.ts', /lib\/deployment is pure/],
  ['lib/deployment/claim/room-by-path.ts', '../errors.ts', /lib\/deployment is pure/],
  ['lib/operations/sdk.ts', '@aws-sdk/client-ecs', /under lib\/aws only/],
  ['lib/operations/middleware.ts', '#lib/middleware/metrics.ts', /stands above what they do/],
  ['lib/operations/handler.ts', '#functions/states/run-migration.ts', /imported by nobody/],
  ['lib/operations/sandbox.ts', '#sandbox/core/clock.ts', /Nothing that ships imports the sandbox/],
  ['lib/middleware/sdk.ts', '@aws-sdk/client-sfn', /under lib\/aws only/],
  ['lib/middleware/handler.ts', '#functions/states/run-migration.ts', /imported by nobody/],
  ['lib/sdk.ts', '@aws-sdk/client-sfn', /under lib\/aws only/],
  ['lib/aws/operation.ts', '#lib/operations/claims.ts', /what uses several of them/],
  ['lib/aws/ecs/operation-by-path.ts', '../../operations/claims.ts', /what uses several of them/],
  ['lib/aws/middleware.ts', '#lib/middleware/metrics.ts', /stands above what they do/],
  ['lib/aws/handler.ts', '#functions/states/run-migration.ts', /imported by nobody/],
  ['lib/aws/handler-by-path.ts', '../../functions/states/run-migration.ts', /imported by nobody/],
  ['lib/aws/sandbox.ts', '#sandbox/core/clock.ts', /Nothing that ships imports the sandbox/],
  ['cli/sandbox.ts', '#sandbox/core/clock.ts', /Nothing that ships imports the sandbox/],
  ['cli/commands/sandbox-by-path.ts', '../../sandbox/core/clock.ts', /Nothing that ships/],
  ['cli/sdk.ts', '@aws-sdk/client-ecs', /a client of the API and of nothing else/],
  ['cli/adapter.ts', '#lib/aws/clients.ts', /nothing that runs on AWS/],
  ['test/lib/property.test.ts', 'fast-check', /with a seed that is printed/],
  ['cli/handler.ts', '#functions/states/run-migration.ts', /nothing that runs on AWS/],
];

const allowed: [file: string, imported: string][] = [
  ['lib/deployment/schema.ts', 'zod'],
  ['lib/deployment/neighbour.ts', './errors.ts'],
  ['lib/aws/ecs/sdk.ts', '@aws-sdk/client-ecs'],
  ['lib/aws/decision.ts', '#lib/deployment/claim.ts'],
  ['lib/middleware/adapter.ts', '#lib/aws/faults.ts'],
  ['functions/states/adapter.ts', '#lib/aws/clock.ts'],
  ['sandbox/ecs/sdk.ts', '@aws-sdk/client-ecs'],
  ['cli/client/connection.ts', '@aws-sdk/credential-providers'],
  ['test/support/property.ts', 'fast-check'],
  ['cli/outcome.ts', '#lib/deployment/errors.ts'],
];

interface Diagnostic {
  file: string;
  message: string;
}

/** Lints files that each have one import, laid out like the house, with the house's own configuration. */
function lint(imports: (readonly [file: string, imported: string, ...unknown[]])[]): Diagnostic[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'landfall-import-rules-')));
  try {
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const [file, imported] of imports) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `import '${imported}';\n`);
    }
    const { stdout } = spawnSync(
      join(root, 'node_modules/.bin/biome'),
      ['lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8' },
    );
    const found = stdout.matchAll(/^::\w+ title=lint\/style\/noRestrictedImports,file=(.+?),.*?::(.*)$/gm);
    return [...found].map(([, file = '', message = '']) => ({ file: relative(folder, file), message }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the linter's import rules", () => {
  let found: Diagnostic[];

  beforeAll(() => {
    found = lint([...refused, ...allowed]);
  });

  it.each(refused)('refuse that %s imports %s', (file, _imported, reason) => {
    expect(found).toContainEqual({ file, message: expect.stringMatching(reason) });
  });

  it.each(allowed)('let %s import %s', (file) => {
    expect(found.map((each) => each.file)).not.toContain(file);
  });
});
