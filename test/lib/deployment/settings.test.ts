import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseServices, settingsOf } from '#lib/deployment/settings.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { failureOf, settings } from './fixtures.ts';

const least = {
  cluster: 'ecs-cluster',
  service: 'webapp-service',
  repository: 'webapp',
  container: 'webapp',
  taskDefinition: 'ecs/task-definitions/webapp.json',
  serviceDefinition: 'ecs/services/webapp-service.json',
};

describe('services.yml', () => {
  it('of this installation can be used', () => {
    const services = readServices(fileURLToPath(new URL('../../../', import.meta.url)));

    expect(settingsOf(services, 'webapp')).toMatchObject({
      cluster: 'ecs-cluster',
      service: 'webapp-service',
      taskDefinition: 'ecs/task-definitions/webapp.json',
      migration: { when: 'before', backwardCompatible: true },
    });
  });

  it('needs little: the rest has defaults', () => {
    expect(parseServices({ webapp: least }).webapp).toEqual({
      ...least,
      rollout: { timeoutSeconds: 1800, crashes: 3, placementFailures: 1 },
      health: {
        probe: true,
        path: '/',
        status: 200,
        consecutive: 3,
        intervalSeconds: 5,
        probeTimeoutSeconds: 5,
        timeoutSeconds: 300,
      },
      rollback: 'automatic',
      concurrency: 'queue',
      history: { days: 400 },
      roles: [],
    });
  });

  it('fills in a section that is given in part', () => {
    expect(settings({ rollout: { crashes: 5 } }).rollout).toMatchObject({ crashes: 5, timeoutSeconds: 1800 });
    expect(settings({ migration: { overrides: 'm.json' } }).migration).toEqual({
      overrides: 'm.json',
      when: 'before',
      timeoutSeconds: 900,
      backwardCompatible: true,
    });
    expect(settings({ source: { location: 'https://github.com/a/b.git' } }).source?.branch).toBe('main');
  });

  it('takes a connection by its ARN only', () => {
    const source = (connection: string) => ({
      webapp: { ...least, source: { location: 'https://github.com/a/b.git', connection } },
    });
    const arn =
      'arn:aws:codeconnections:eu-west-1:123456789012:connection/0f5b1a3c-1111-4222-8333-444455556666';

    expect(parseServices(source(arn)).webapp?.source?.connection).toBe(arn);
    expect(() => parseServices(source('my-connection'))).toThrow('the ARN of a connection');
  });

  it.each<[field: string, given: Record<string, unknown>]>([
    ['webapp.cluster', { cluster: undefined }],
    ['webapp.container', { container: '' }],
    ['"clutser"', { clutser: 'x' }],
    ['webapp.rollback', { rollback: 'maybe' }],
    ['webapp.concurrency', { concurrency: 'parallel' }],
    ['webapp.migration.when', { migration: { overrides: 'm.json', when: 'during' } }],
    ['webapp.migration.overrides', { migration: {} }],
    ['webapp.rollout.timeoutSeconds', { rollout: { timeoutSeconds: 0 } }],
    ['webapp.rollout.timeoutSeconds', { rollout: { timeoutSeconds: 86_401 } }],
    ['webapp.rollout.crashes', { rollout: { crashes: 1.5 } }],
    ['webapp.health.path', { health: { path: 'articles' } }],
    ['webapp.health.probeTimeoutSeconds', { health: { probeTimeoutSeconds: 21 } }],
    ['webapp.health.status', { health: { status: '200' } }],
    ['webapp.roles[0]', { roles: ['arn:aws:iam::123456789012:role/x'] }],
    ['webapp.source.location', { source: { branch: 'main' } }],
  ])('that is wrong at %s is refused and says so', (field, given) => {
    const error = failureOf(() => parseServices({ webapp: { ...least, ...given } }));

    expect(error.name).toBe('InvalidConfiguration');
    expect(error.message).toContain(field);
  });

  it.each(['Webapp', 'web_app', '-web', '1web', 'a'.repeat(31), ''])('cannot name a service %j', (name) => {
    expect(failureOf(() => parseServices({ [name]: least })).name).toBe('InvalidConfiguration');
  });

  it.each([null, undefined, [], 'webapp'])('that holds %j is refused', (content) => {
    expect(failureOf(() => parseServices(content)).name).toBe('InvalidConfiguration');
  });

  it('knows the services that it has, and names none of them when asked for another', () => {
    const services = parseServices({ webapp: least, admin: least });

    for (const name of ['payments', 'constructor', '__proto__']) {
      const error = failureOf(() => settingsOf(services, name));
      expect(error.name).toBe('UnknownService');
      expect(error.message).toContain(`"${name}" is not in services.yml`);
      expect(error.message).not.toMatch(/webapp|admin/);
    }
  });
});
