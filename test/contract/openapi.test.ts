import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { contract, operations } from '#test/support/contract.ts';
import { root, serverless } from '#test/support/wiring.ts';

interface HttpApi {
  httpApi: { method: string; path: string; authorizer: { type: string } };
}

const routes = Object.entries(serverless.functions).flatMap(([key, { events = [] }]) =>
  events.filter((event): event is HttpApi => 'httpApi' in event).map(({ httpApi }) => ({ key, ...httpApi })),
);

describe('docs/openapi.yaml', () => {
  const documented = operations.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
  const wired = routes.map(({ method, path, key }) => `${method} ${path} ${key}`);

  it('leaves out no route of serverless.yml, each under the name of its function', () => {
    expect(wired).toContain('GET /services listServices');
    expect(wired.filter((route) => !documented.includes(route))).toEqual([]);
  });

  it('has no route that serverless.yml does not have', () => {
    expect(documented).toContain('GET /services listServices');
    expect(documented.filter((route) => !wired.includes(route))).toEqual([]);
  });

  it('says what is so: every route asks for a signature', () => {
    expect(routes.filter(({ authorizer }) => authorizer.type !== 'aws_iam')).toEqual([]);
  });
});

interface Schemas {
  components: { schemas: Record<string, Record<string, unknown>> };
}

/** What of the contract the linter refuses, by its rule. */
const refused: [defect: string, rule: string, introduce: (contract: Schemas) => void][] = [
  [
    'a reference that leads nowhere',
    'no-unresolved-refs',
    ({ components: { schemas } }) => {
      schemas.Service = { $ref: '#/components/schemas/Servise' };
    },
  ],
  [
    'a component that nothing refers to',
    'no-unused-components',
    ({ components: { schemas } }) => {
      schemas.Unused = { type: 'string' };
    },
  ],
  [
    'a type that there is not',
    'struct',
    ({ components: { schemas } }) => {
      schemas.Instant = { type: 'strng' };
    },
  ],
  [
    'a description whose commas have made properties of its parts',
    'struct',
    ({ components: { schemas } }) => {
      schemas.Instant = { ...schemas.Instant, ' to the second': null };
    },
  ],
];

/** The rules that copies of the contract break, by the names of the copies. */
function lint(copies: Record<string, unknown>): Record<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-openapi-'));
  try {
    for (const [name, copy] of Object.entries(copies))
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(copy));
    const files = Object.keys(copies).map((name) => join(folder, `${name}.json`));
    const { stdout } = spawnSync(
      process.execPath,
      ['node_modules/@redocly/cli/bin/cli.js', 'lint', '--format=github-actions', ...files],
      { cwd: root, encoding: 'utf8', env: { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
    );
    const found = [...stdout.matchAll(/^::\w+ title=([\w-]+),file=.*?([^/]+)\.json,/gm)];
    return Object.fromEntries(
      Object.keys(copies).map((name) => [
        name,
        found.filter(([, , copy]) => copy === name).map(([, rule = '']) => rule),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the linter's rules for the contract", () => {
  let found: Record<string, string[]>;

  beforeAll(() => {
    const broken = refused.map(([, , introduce], index) => {
      const copy = structuredClone(contract) as unknown as Schemas;
      introduce(copy);
      return [`broken-${index}`, copy];
    });
    found = lint({ whole: contract, ...Object.fromEntries(broken) });
  });

  it('find nothing in it as it is', () => {
    expect(found.whole).toEqual([]);
  });

  it.each(refused.map(([defect, rule], index) => [defect, rule, index] as const))(
    'refuse %s: %s',
    (_, rule, index) => {
      expect(found[`broken-${index}`]).toContain(rule);
    },
  );
});
