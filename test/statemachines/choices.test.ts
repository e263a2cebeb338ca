import { describe, expect, it } from '@jest/globals';
import jsonata from 'jsonata';
import type { DeploymentDocument, Failure } from '#lib/deployment/document.ts';
import { mayRollBack } from '#lib/deployment/ending/may-roll-back.ts';
import { resumeStateOf } from '#lib/deployment/ending/resume.ts';
import { errorsWith } from '#lib/deployment/errors.ts';
import {
  document,
  lastKnownGood,
  NOON,
  OURS,
  release,
  revision,
  settings,
  taskArn,
} from '../lib/deployment/fixtures.ts';
import { stateMachine } from '../support/wiring.ts';

const expressions = new Map<string, jsonata.Expression>();

/** A condition's JSONata, read once: the table of rollbacks asks the same ones thousands of times. */
function expressionOf(condition: string): jsonata.Expression {
  const known = expressions.get(condition);
  if (known !== undefined) return known;
  const expression = jsonata(/^\{%([\s\S]*)%\}$/.exec(condition.trim())?.[1] ?? '');
  expressions.set(condition, expression);
  return expression;
}

/** Where a Choice state goes with this document: its conditions, evaluated as Step Functions does. */
async function nextOf(choice: string, input: DeploymentDocument): Promise<string | undefined> {
  const { Choices = [], Default } = stateMachine.States[choice] ?? {};
  for (const { Condition, Next } of Choices) {
    const result: unknown = await expressionOf(Condition).evaluate({}, { states: { input } });
    if (typeof result !== 'boolean') throw new Error(`A condition of ${choice} is ${result}`);
    if (result) return Next;
  }
  return Default;
}

const migration = (given: Record<string, unknown> = {}) =>
  settings({ migration: { overrides: 'm.json', ...given } });
const ran = (status: 'running' | 'succeeded') => ({
  attempt: 1,
  taskArn: taskArn('1'),
  deadline: NOON,
  status,
});
const rollout = { deploymentId: OURS, taskDefinition: revision(7), startedAt: NOON, deadline: NOON };
const health = (verdict: 'healthy' | 'waiting') => ({ verdict, consecutive: 1, deadline: NOON });
const failure = (state: string, error = 'RolloutCrashLoop'): Failure => ({
  state,
  error,
  cause: '',
  redriveCount: 0,
});

describe('NeedsMigration', () => {
  const before = { settings: migration() };
  const after = { settings: migration({ when: 'after' }) };

  it.each<[string, Partial<DeploymentDocument>, string]>([
    ['without a migration configured', {}, 'UpdateService'],
    ['before the update', before, 'RunMigration'],
    ['that has succeeded', { ...before, migration: ran('succeeded') }, 'UpdateService'],
    ['that failed in the run before', { ...before, migration: ran('running') }, 'RunMigration'],
    ['that the release skips', { ...before, release: release({ skipMigration: true }) }, 'UpdateService'],
    ['that services.yml says never', { settings: migration({ when: 'never' }) }, 'UpdateService'],
    ['of an image without a bundle', { ...before, release: release({ bundle: undefined }) }, 'UpdateService'],
    [
      'of a rollback to a revision that has been live',
      { ...before, release: release({ taskDefinition: revision(6) }) },
      'UpdateService',
    ],
    ['after a healthy rollout: not before it', after, 'UpdateService'],
    ['after a healthy rollout: then', { ...after, rollout, health: health('healthy') }, 'RunMigration'],
    [
      'after a healthy rollout, and done',
      { ...after, rollout, health: health('healthy'), migration: ran('succeeded') },
      'CompleteDeployment',
    ],
    [
      'before the update, once the rollout is healthy',
      { ...before, rollout, health: health('healthy'), migration: ran('succeeded') },
      'CompleteDeployment',
    ],
  ])('%s', async (_, given, next) => {
    expect(await nextOf('NeedsMigration', document(given))).toBe(next);
  });
});

const good = { lastKnownGood: lastKnownGood() };

describe('MayRollBack', () => {
  it('knows errors by the flags that lib/deployment/errors.ts gives them', () => {
    const conditions = (stateMachine.States.MayRollBack?.Choices ?? []).map(({ Condition }) => Condition);
    const lists = [...conditions.join('\n').matchAll(/error in\s*(\[[^\]]*\])/g)];
    expect(lists.map(([, list = '']) => JSON.parse(list))).toEqual([
      errorsWith('changedNothing'),
      errorsWith('noRollback'),
      errorsWith('changedNothing'),
      errorsWith('neverMigrated'),
    ]);
  });

  it.each<[string, Partial<DeploymentDocument>, string]>([
    [
      'before anything was changed',
      { ...good, failure: failure('VerifyRelease', 'ImageNotFound') },
      'HaltDeployment',
    ],
    [
      'a failed migration',
      { ...good, failure: failure('AwaitMigration', 'MigrationFailed') },
      'HaltDeployment',
    ],
    ['a failed rollout', { ...good, rollout, failure: failure('AwaitRollout') }, 'RollBackService'],
    ['unhealthy targets', { ...good, rollout, failure: failure('CheckHealth') }, 'RollBackService'],
    [
      'a migration that failed after the rollout',
      { ...good, rollout, failure: failure('AwaitMigration') },
      'RollBackService',
    ],
    [
      'an update of which nobody knows the end',
      { ...good, failure: failure('UpdateService', 'States.Timeout') },
      'RollBackService',
    ],
    [
      'bookkeeping of a live release',
      { ...good, rollout, failure: failure('CompleteDeployment') },
      'HaltDeployment',
    ],
    [
      'the first release',
      { lastKnownGood: null, rollout, failure: failure('AwaitRollout') },
      'HaltDeployment',
    ],
    ['a claim never got', { failure: failure('ClaimService', 'ServiceFrozen') }, 'HaltDeployment'],
    [
      'where services.yml says manual',
      { ...good, rollout, settings: settings({ rollback: 'manual' }), failure: failure('AwaitRollout') },
      'HaltDeployment',
    ],
    [
      'when the old code cannot run on the new schema',
      {
        ...good,
        rollout,
        settings: migration({ backwardCompatible: false }),
        migration: ran('succeeded'),
        failure: failure('AwaitRollout'),
      },
      'HaltDeployment',
    ],
    [
      'when the incompatible migration failed: nobody knows how far it came',
      {
        ...good,
        rollout,
        settings: migration({ backwardCompatible: false, when: 'after' }),
        migration: ran('running'),
        failure: failure('AwaitMigration', 'MigrationFailed'),
      },
      'HaltDeployment',
    ],
    [
      'when nobody knows whether the incompatible migration started',
      {
        ...good,
        rollout,
        settings: migration({ backwardCompatible: false, when: 'after' }),
        failure: failure('RunMigration', 'AwsUnavailable'),
      },
      'HaltDeployment',
    ],
    [
      "when an earlier deployment's migration has run since the last known good went live",
      {
        ...good,
        rollout,
        schemaAhead: { deployment: 'webapp-6', at: lastKnownGood().at + 1 },
        failure: failure('AwaitRollout'),
      },
      'HaltDeployment',
    ],
    [
      'when the last known good is the one that moved the schema',
      {
        ...good,
        rollout,
        schemaAhead: { deployment: 'webapp-6', at: lastKnownGood().at },
        failure: failure('AwaitRollout'),
      },
      'RollBackService',
    ],
    [
      'when the incompatible migration never started',
      {
        ...good,
        rollout,
        settings: migration({ backwardCompatible: false, when: 'after' }),
        migration: ran('running'),
        failure: failure('AwaitMigration', 'MigrationNotStarted'),
      },
      'RollBackService',
    ],
    [
      "somebody else's deployment",
      { ...good, rollout, failure: failure('AwaitRollout', 'RolloutReplaced') },
      'HaltDeployment',
    ],
  ])('%s', async (_, given, next) => {
    expect(await nextOf('MayRollBack', document(given))).toBe(next);
  });

  it('rolls back exactly where lib/deployment says so', async () => {
    const found = { RollBackService: 0, HaltDeployment: 0 };

    for (const given of failures()) {
      const next = mayRollBack(given) ? 'RollBackService' : 'HaltDeployment';
      found[next] += 1;
      expect([given, await nextOf('MayRollBack', given)]).toEqual([given, next]);
    }

    expect(found).toEqual({ RollBackService: expect.any(Number), HaltDeployment: expect.any(Number) });
    expect(Math.min(...Object.values(found))).toBeGreaterThan(100);
  });
});

/** Failed documents: everything that MayRollBack asks for, combined. */
function* failures(): Generator<DeploymentDocument> {
  const flags = ['changedNothing', 'takenOver', 'noRollback', 'neverMigrated'] as const;
  const errors = [
    ...new Set(flags.flatMap((flag) => errorsWith(flag))),
    'RolloutCrashLoop',
    'States.Timeout',
  ];
  const states = ['ClaimService', 'UpdateService', 'AwaitRollout', 'CompleteDeployment'];
  const compatible = [undefined, true, false].map((backwardCompatible) =>
    backwardCompatible === undefined ? {} : { migration: { overrides: 'm.json', backwardCompatible } },
  );
  for (const rollback of ['automatic', 'manual'])
    for (const migrating of compatible)
      for (const migration of [{}, { migration: ran('running') }])
        for (const live of [{}, { lastKnownGood: null }, good])
          for (const changed of [{}, { rollout }])
            for (const state of states)
              for (const error of errors)
                yield document({
                  settings: settings({ rollback, ...migrating }),
                  ...migration,
                  ...live,
                  ...changed,
                  failure: failure(state, error),
                });
}

describe('ResumeFrom', () => {
  it('starts a fresh deployment with its pre-flight', async () => {
    expect(await nextOf('ResumeFrom', document())).toBe('VerifyRelease');
  });

  const failing = Object.entries(stateMachine.States)
    .filter(([, { Type, Catch }]) => Type === 'Task' && Catch !== undefined)
    .map(([name]) => name);

  it.each(failing)('goes where a redrive after %s has to', async (state) => {
    for (const given of [{}, { rollout }]) {
      const from = resumeStateOf(document({ ...given, failure: failure(state) }), state);
      const resume = { from, after: 'RolloutCrashLoop', count: 1 };

      expect(await nextOf('ResumeFrom', document({ resume }))).toBe(from);
    }
  });
});

describe('Healthy', () => {
  it('goes on once the verdict is healthy, else waits and looks again', async () => {
    expect(await nextOf('Healthy', document({ health: health('healthy') }))).toBe('NeedsMigration');
    expect(await nextOf('Healthy', document({ health: health('waiting') }))).toBe('WaitForTargets');
  });
});
