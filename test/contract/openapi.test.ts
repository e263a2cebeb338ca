import { describe, expect, it } from '@jest/globals';
import { operations, schemas, violation } from '#test/support/contract.ts';
import { serverless } from '#test/support/wiring.ts';

interface HttpApi {
  httpApi: { method: string; path: string; authorizer: { type: string } };
}

const routes = Object.entries(serverless.functions).flatMap(([key, { events = [] }]) =>
  events.filter((event): event is HttpApi => 'httpApi' in event).map(({ httpApi }) => ({ key, ...httpApi })),
);

describe('docs/openapi.yaml', () => {
  it('has every route of serverless.yml under the name of its function, and no other', () => {
    const inTheDocument = operations.map(
      ({ method, path, operationId }) => `${method} ${path} ${operationId}`,
    );
    const wired = routes.map(({ method, path, key }) => `${method} ${path} ${key}`);

    expect(inTheDocument.sort()).toEqual(wired.sort());
  });

  it('says what is so: every route asks for a signature', () => {
    expect(routes.filter(({ authorizer }) => authorizer.type !== 'aws_iam')).toEqual([]);
  });

  it.each(schemas)('refers only to what there is: %s', (name) => {
    expect(violation(`/components/schemas/${name}`, Symbol.for('nothing'))).toBeDefined();
  });
});
