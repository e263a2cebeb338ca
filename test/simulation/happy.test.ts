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
});
