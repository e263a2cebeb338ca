import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calmPath, stepsOf } from '#test/support/paths.ts';
import { createLandfall, type Landfall } from './command.ts';
import { createWorld, type World, wellBehaved } from './harness.ts';
import { crashing, failingMigration } from './runs.ts';

/** The command over the life of one service: each describe goes on where the one before it ended. */
let world: World;
let landfall: Landfall;

const commitOf = (build: number) => build.toString(16).padStart(40, 'c');
const json = (text: string) => JSON.parse(text);

beforeAll(async () => {
  world = await createWorld();
  landfall = await createLandfall(world);
});

afterAll(() => world.end());

describe('landfall, before anything was deployed', () => {
  it('says on stderr that it talks to the sandbox, and answers on stdout', async () => {
    const { exitCode, out, err } = await landfall(['services']);

    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '(the sandbox on 127.0.0.1)\n' });
    expect(out).toBe(
      'SERVICE  RUNS  LAST KNOWN GOOD  STATE  LAST DEPLOYMENT\nwebapp   –     –                ready  –\n',
    );
  });

  it.each<[string, string[], number, string]>([
    ['what to watch', ['watch'], 1, 'DeploymentNotFound: Nothing has been deployed to webapp yet.'],
    ['what to go back to', ['rollback'], 1, 'NothingToRollBackTo: There is no earlier release'],
    ['the service', ['status', 'shop'], 1, 'UnknownService: No such service is configured: '],
    ['the target', ['watch', 'shop-1'], 64, '"shop-1" is neither a service nor a deployment of one.'],
    ['the build', ['watch', 'landfall-dev-webapp:7d0c'], 1, 'BuildNotFound: The service has no such build: '],
    ['whose build', ['watch', 'shop:7d0c'], 64, '"shop:7d0c" is no build of a service.'],
    ['the deployment', ['abort', 'webapp-1'], 1, 'DeploymentNotFound: The service has no such deployment'],
    ['what to deploy', ['deploy'], 64, 'Usage: It is not said what to deploy.'],
    ['one thing to deploy', ['deploy', '--image', 'a', '--ref', 'b'], 64, 'cannot be used with'],
    ['the command', ['deplyo'], 64, "unknown command 'deplyo'"],
    ['why to freeze', ['freeze'], 64, "required option '--reason <reason>' not specified"],
    ['until when', ['freeze', '--reason', 'x', '--until', 'soon'], 64, 'It is a time like 2030-01-31T12:00Z'],
    ['which ref to dry-run', ['deploy', '--ref', 'main', '--dry-run'], 64, 'InvalidRequest: '],
  ])('does not know %s', async (_, args, exitCode, why) => {
    const ran = await landfall(args);

    expect(ran).toMatchObject({ exitCode, out: '' });
    expect(ran.err).toContain(why);
    expect(ran.err).not.toMatch(/^ {4}at /m);
  });
});

describe('landfall, of a service with two releases', () => {
  beforeAll(async () => {
    await world.deploy();
    await world.deploy();
  });

  it('lists them, and prints the newest page as one JSON document', async () => {
    const { out } = await landfall(['history', '--limit', '1', '--json']);
    const lines = (await landfall(['history'])).out.split('\n');

    expect(json(out)).toMatchObject({
      deployments: [{ commit: commitOf(2), build: 'landfall-dev-webapp:2', status: 'SUCCEEDED' }],
      nextCursor: expect.any(String),
    });
    expect(lines.map((line) => line.split(/ {2,}/).slice(1, 3).join(' '))).toEqual([
      'STATUS RELEASE',
      'SUCCEEDED commit ccccccc',
      'SUCCEEDED commit ccccccc',
      '',
    ]);
  });

  it('watches a deployment that is over as it ended', async () => {
    const { exitCode, out } = await landfall(['watch', 'webapp']);

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^✓ webapp-cccccccccccc-2 is live after .* s: webapp:2\n$/);
  });

  it('shows in a diff what an older release would change, and verifies it', async () => {
    const diff = await landfall(['diff', '--commit', commitOf(1)]);
    const verify = await landfall(['verify', '--commit', commitOf(1), '--json']);
    const both = await landfall(['deploy', '--commit', commitOf(1), '--dry-run']);

    expect(diff.out).toMatch(
      /^ {2}containerDefinitions\[webapp\]\.image\n {2}- .*sha256:.*\n {2}\+ .*sha256:/m,
    );
    expect(json(verify.out)).toMatchObject({
      service: 'webapp',
      verification: { passed: true, problem: null },
    });
    expect(both).toMatchObject({ exitCode: 0, out: `${diff.out}\n✓ the pre-flight passes\n` });
  });

  it('has no console to open in the sandbox', async () => {
    expect(await landfall(['open'])).toMatchObject({ exitCode: 1, out: '' });
  });
});

describe('landfall deploy', () => {
  it('prints the name of what it started and nothing else, the same for the same key', async () => {
    const args = ['deploy', '--commit', commitOf(2), '--idempotency-key', 'again'];
    const first = await landfall(args);
    const second = await landfall(args);

    expect(first).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^webapp-[0-9a-f]{12}-again\n$/) });
    expect(second.out).toBe(first.out);
    expect(first.err).toContain(`landfall watch ${first.out.trim()}`);
    await landfall(['watch']);
  });

  it('--wait tells every state as a line of its own, and exits 0 when it is live', async () => {
    const { exitCode, out, err } = await landfall(['deploy', '--commit', commitOf(1), '--wait']);

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^✓ webapp-\S+ is live after .*: webapp:3\n$/);
    expect(err.match(/(?<=✓ {2})\w+/g)).toEqual(stepsOf(calmPath()));
    expect(err).toMatch(/^\d\d:\d\d:\d\d {2}1 of 1 new task runs \(webapp:3\), 1 healthy$/m);
    expect(err).toMatch(/\(service webapp-service\) has started 1 tasks/);
  });

  it('--wait --json prints the deployment as one document, and nothing on stderr', async () => {
    const { out, err } = await landfall(['deploy', '--commit', commitOf(2), '--wait', '--json']);

    expect(json(out)).toMatchObject({ status: 'SUCCEEDED', failure: null });
    expect(err).toBe('');
  });
});

describe('landfall watch', () => {
  it('stops at Ctrl-C, says how to abort, and leaves the deployment alone', async () => {
    const interruptWhen = (err: string) => err.includes('… VerifyRelease');
    const { exitCode, out, err } = await landfall(['deploy', '--commit', commitOf(1), '--wait'], {
      interruptWhen,
    });
    const after = await landfall(['watch', '--json']);

    expect({ exitCode, out }).toEqual({ exitCode: 130, out: '' });
    expect(err).toMatch(/The deployment goes on\.\n.*landfall watch webapp-.*\n.*landfall abort webapp-/);
    expect(after.exitCode).toBe(0);
  });

  it('--json prints a document for every change, the last of the end', async () => {
    await landfall(['deploy', '--commit', commitOf(2)]);
    const { out } = await landfall(['watch', '--json']);

    const documents = out.trim().split('\n').map(json);
    expect(documents.length).toBeGreaterThan(2);
    expect(documents[0]).toMatchObject({ deployment: { status: 'RUNNING' }, service: { service: 'webapp' } });
    expect(documents.at(-1)).toMatchObject({ deployment: { status: 'SUCCEEDED' }, service: { claim: null } });
    expect(new Set(documents.map((each) => JSON.stringify(each))).size).toBe(documents.length);
  });
});

describe('landfall, of a deployment that fails', () => {
  it('exits 1 when the migration failed before anything was touched, and says why', async () => {
    world.scenario.behave = failingMigration('the table is gone');
    await world.start();
    const { exitCode, out } = await landfall(['watch', 'webapp-cccccccccccc-3']);
    const logs = await landfall(['logs']);

    expect(exitCode).toBe(1);
    expect(out).toMatch(/^✗ webapp-cccccccccccc-3 failed: MigrationFailed after /);
    expect(out).toContain('landfall redrive webapp-cccccccccccc-3');
    expect(logs).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/ webapp {2}the table is gone\n$/),
    });
  });

  it('redrives it from the step that failed, and waits for the new run', async () => {
    world.scenario.behave = wellBehaved;
    const { exitCode, out } = await landfall(['redrive', 'webapp-cccccccccccc-3', '--wait', '--json']);

    expect(exitCode).toBe(0);
    expect(json(out)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
  });

  it('exits 1 when the service was rolled back', async () => {
    world.scenario.behave = crashing(4);
    // Until it holds the claim, what one would watch is the one before.
    await world.reached(await world.start(), 'AwaitMigration');
    const { exitCode, out } = await landfall(['watch']);

    expect(exitCode).toBe(1);
    expect(out).toContain('failed: RolloutCrashLoop');
    expect(out).not.toContain('a person has to look');
  });

  it('exits 2 when it was aborted in the middle of a rollout, which nobody undoes', async () => {
    const executionArn = await world.start();
    await world.reached(executionArn, 'AwaitRollout');
    const aborted = await landfall(['abort']);
    const again = await landfall(['abort', aborted.out.trim()]);
    const { exitCode, out } = await landfall(['watch']);

    expect(aborted).toMatchObject({ exitCode: 0, out: 'webapp-cccccccccccc-5\n' });
    expect(again).toMatchObject({ exitCode: 1, err: expect.stringContaining('NotRunning: ') });
    expect(exitCode).toBe(2);
    expect(out).toContain('was aborted');
    expect(out).toContain('a person has to look');
  });

  it('rolls back to a named deployment and to the last known good', async () => {
    const named = await landfall(['rollback', '--to', 'webapp-cccccccccccc-1', '--wait', '--json']);
    const last = await landfall(['rollback', '--wait', '--json']);

    expect(json(named.out)).toMatchObject({ status: 'SUCCEEDED', trigger: { kind: 'rollback' } });
    expect(last.exitCode).toBe(0);
  });
});

describe('landfall freeze', () => {
  it('refuses deployments until it is lifted, and says so in the status', async () => {
    const frozen = await landfall(['freeze', '--reason', 'the sale', '--until', '2h']);
    const refused = await landfall(['deploy', '--commit', commitOf(2)]);
    const status = await landfall(['status']);
    const again = await landfall(['freeze', '--reason', 'the sale goes on']);
    const thawed = await landfall(['unfreeze']);

    expect(frozen.out).toMatch(/^webapp is frozen until .*Z, by root: the sale\n$/);
    expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('ServiceFrozen: ') });
    expect(status.out).toMatch(/^ {2}frozen {2}until .*Z, by root: the sale$/m);
    expect(again.err).toMatch(/It replaces the freeze that was in force until .*Z, by root: the sale\n/);
    expect(thawed.out).toBe('webapp is not frozen\n');
    expect(thawed.err).toMatch(/Lifted the freeze by root: the sale goes on\n/);
  });
});
