import { afterEach, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from './harness.ts';

let world: World;

afterEach(() => world.end());

describe('a deployment in virtual time', () => {
  it('goes the way of the happy path', async () => {
    world = await createWorld();

    const end = await world.deploy();

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(end.path.at(-1)).toBe('Deployed');
    expect(await world.item()).toMatchObject({
      lastKnownGood: { deployment: expect.stringContaining('webapp-') },
    });
  });

  it('goes it again for the next release', async () => {
    world = await createWorld();
    await world.deploy();

    const end = await world.deploy();

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
  });

  it('ends where a function may not do what it does: each has the permissions of its own role', async () => {
    world = await createWorld();
    const { Configuration } = await world.call('lambda', 'GetFunction', {
      FunctionName: 'landfall-dev-updateService',
    });
    const RoleName = Configuration.Role.split('/').at(-1);
    const { PolicyNames } = await world.call('iam', 'ListRolePolicies', { RoleName });
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument } = await world.call('iam', 'GetRolePolicy', { RoleName, PolicyName });
      const text = decodeURIComponent(PolicyDocument).replaceAll('ecs:CreateService', 'ecs:DeleteService');
      await world.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: text });
    }

    const end = await world.deploy();

    expect(end).toMatchObject({ status: 'FAILED', error: 'AccessDenied' });
    expect(end.path.slice(-3)).toEqual(['UpdateService', 'MayRollBack', 'HaltDeployment']);
    expect(end.message).toContain('is not authorized to perform: ecs:CreateService');
  });
});
