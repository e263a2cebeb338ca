import { describe, expect, it } from '@jest/globals';
import { at, deployment, holder, landfall, service } from './asking.ts';

describe('landfall abort', () => {
  const busy = service({ claim: holder('webapp-8') });

  it('asks before it stops what was not named, and does nothing without a yes', async () => {
    const no = await landfall(['abort'], { answer: '', found: busy });
    const yes = await landfall(['abort'], { answer: 'y', found: busy });

    expect(no.questions).toEqual(['Stop webapp-8 in AwaitRollout? [y/N] ']);
    expect(no).toMatchObject({ exitCode: 1, posted: [], err: expect.stringContaining('NotConfirmed') });
    expect(yes).toMatchObject({ exitCode: 0, posted: ['/services/webapp/deployments/webapp-8/abort'] });
  });

  it.each<[string, string[], { answer?: string }]>([
    ['the deployment is named', ['abort', 'webapp-8'], { answer: '' }],
    ['it is told --yes', ['abort', '--yes'], { answer: '' }],
    ['--json is asked for', ['abort', '--json'], { answer: '' }],
    ['nobody sits there', ['abort'], {}],
  ])('asks nobody where %s', async (_, args, options) => {
    expect(await landfall(args, { ...options, found: busy })).toMatchObject({
      exitCode: 0,
      questions: [],
      posted: [expect.any(String)],
    });
  });

  it('says where it stopped, and the ways back and on', async () => {
    const { err } = await landfall(['abort'], { found: busy });

    expect(err.split('\n').slice(1).join('\n')).toBe(`\
Stopped in AwaitRollout. It is not rolled back: ECS goes on with what it was told.
  lead it back:   landfall rollback webapp
  go on with it:  landfall redrive webapp-8
  see what runs:  landfall status webapp
`);
  });

  it('does not offer a way back that ECS is on already', async () => {
    const states = ['UpdateService', 'AwaitRollout', 'RollBackService', 'AwaitRollback'];
    const one = deployment({
      steps: states.map((state) => ({ state, startedAt: at, endedAt: at, attempts: 1 })),
    });
    const { err } = await landfall(['abort'], { found: busy, one });

    expect(err).toContain(
      'Stopped in AwaitRollback. ECS goes on with the way back that it was told.\n  go on',
    );
  });

  it('says who starts now, and that nothing was touched', async () => {
    const found = service({ claim: holder('webapp-8'), waiter: holder('webapp-9') });
    const one = deployment({
      steps: [{ state: 'VerifyRelease', startedAt: at, endedAt: null, attempts: 1 }],
    });
    const { err } = await landfall(['abort'], { found, one });

    expect(err.split('\n').slice(1).join('\n')).toBe(`\
Stopped in VerifyRelease. The service was not touched.
webapp-9, which waited, starts now.
  watch it:       landfall watch webapp-9
  see what runs:  landfall status webapp
`);
  });
});
