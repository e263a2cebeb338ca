import { describe, expect, it } from '@jest/globals';
import type { Api } from '#cli/client/api.ts';
import { buildOf } from '#cli/client/target.ts';

describe('the service of a build', () => {
  const api = {
    services: async () => ['app', 'web-app'].map((service) => ({ service })),
  } as unknown as Api;

  it('is the one that its project is named after', async () => {
    expect(await buildOf(api, 'landfall-dev-web-app:7d0c')).toEqual({
      service: 'web-app',
      build: 'landfall-dev-web-app:7d0c',
    });
    expect(await buildOf(api, 'landfall-dev-app:7d0c')).toMatchObject({ service: 'app' });
  });

  it('is not asked for where nothing, or something else, is named', async () => {
    expect(await buildOf(api, undefined)).toBeUndefined();
    expect(await buildOf(api, 'web-app-0123456789ab-8')).toBeUndefined();
  });

  it('may be none', async () => {
    await expect(buildOf(api, 'somebody-else:7d0c')).rejects.toMatchObject({ exitCode: 64 });
  });
});
