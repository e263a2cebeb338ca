import { describe, expect, it } from '@jest/globals';
import { contract, findSchemaProblem, operations, schemas } from '#test/support/contract.ts';
import { serverless } from '#test/support/wiring.ts';
import { findDanglingReferences, findUnusedComponents } from './references.ts';

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

  it('refers only to what there is', () => {
    expect(findDanglingReferences(contract)).toEqual([]);
  });

  it('has no component that no operation comes to', () => {
    expect(findUnusedComponents(contract)).toEqual([]);
  });

  it.each(schemas)('has a schema that is one: %s', (name) => {
    expect(findSchemaProblem(name)).toBeUndefined();
  });
});

describe('the search for references', () => {
  const document = {
    security: [{ sigv4: [] }],
    paths: {
      '/services': {
        get: { responses: { 200: { $ref: '#/components/responses/Services' } } },
        put: { requestBody: { $ref: '#/paths/~1services/get' } },
      },
    },
    components: {
      securitySchemes: { sigv4: {} },
      responses: { Services: { schema: { $ref: '#/components/schemas/Service' } } },
      schemas: { Service: { properties: { next: { $ref: '#/components/schemas/Service' } } } },
    },
  };
  const withSchema = (schema: object) => ({
    ...document,
    components: { ...document.components, schemas: { ...document.components.schemas, ...schema } },
  });

  it('finds nothing wrong where nothing is', () => {
    expect([findDanglingReferences(document), findUnusedComponents(document)]).toEqual([[], []]);
  });

  it.each([
    '#/components/schemas/Servise',
    '#/paths/~1service/get',
    'other.yaml#/components/schemas/Service',
  ])('finds %s, which leads nowhere', ($ref) => {
    expect(findDanglingReferences(withSchema({ List: { items: { $ref } } }))).toEqual([$ref]);
  });

  it('finds components that only they themselves refer to', () => {
    const ring = {
      Egg: { properties: { from: { $ref: '#/components/schemas/Hen' } } },
      Hen: { properties: { from: { $ref: '#/components/schemas/Egg' } } },
    };

    expect(findUnusedComponents(withSchema(ring))).toEqual([
      '#/components/schemas/Egg',
      '#/components/schemas/Hen',
    ]);
  });

  it('finds a scheme of signing that no operation asks for', () => {
    expect(findUnusedComponents({ ...document, security: [] })).toEqual([
      '#/components/securitySchemes/sigv4',
    ]);
  });
});
