import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createWorld, type World } from './harness.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

/** Lets the function of this name do another thing instead. */
async function replaceAction(functionName: string, action: string, other: string): Promise<void> {
  const { Configuration } = await world.call('lambda', 'GetFunction', { FunctionName: functionName });
  const RoleName = Configuration.Role.split('/').at(-1);
  const { PolicyNames } = await world.call('iam', 'ListRolePolicies', { RoleName });
  for (const PolicyName of PolicyNames) {
    const policy = await world.call('iam', 'GetRolePolicy', { RoleName, PolicyName });
    const PolicyDocument = decodeURIComponent(policy.PolicyDocument).replaceAll(action, other);
    await world.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument });
  }
}

it('asks the role of each function whether it may, as on AWS', async () => {
  await replaceAction('landfall-dev-updateService', 'ecs:CreateService', 'ecs:DeleteService');

  const end = await world.deploy();

  expect(end).toMatchObject({ status: 'FAILED', error: 'AccessDenied' });
  expect(end.path.slice(-3)).toEqual(['UpdateService', 'MayRollBack', 'HaltDeployment']);
  expect(end.message).toContain('is not authorized to perform: ecs:CreateService');
});
