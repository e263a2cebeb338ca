import { readFailure } from '#lib/deployment/ending/failure.ts';
import type { Followed } from '#sandbox/start/follow.ts';
import { ask, keepAsking } from './asking.ts';
import { type Checks, createChecks } from './checks.ts';
import type { Scenario, Stage } from './scenario.ts';

/**
 * Plays one scenario on a live application: breaks it by a push, mends it, and asks it through its load balancer
 * without a pause all the while. Answers whether everything held that has to hold.
 */
export async function play(scenario: Scenario, stage: Stage): Promise<boolean> {
  const { terminal, url } = stage;
  terminal.print(`\n=== ${scenario.name}: ${scenario.about}`);
  await scenario.arrange?.(stage);
  const checks = createChecks(terminal.print);
  const before = { answer: await ask(`${url}/`), taskDefinition: await taskDefinitionOf(stage) };
  const asking = keepAsking(`${url}/`);
  try {
    const failed = await stage.deploy(scenario.breaking);
    terminal.print('');
    checkFailure(checks, scenario, failed);
    checks.hold(
      `${before.taskDefinition} is what ECS is to run, as before`,
      (await taskDefinitionOf(stage)) === before.taskDefinition,
    );
    checkAnswers(checks, asking.answers(), ['the old version', [before.answer]]);

    const mended = await mend(scenario, stage, failed);
    terminal.print('');
    checkMended(checks, scenario, mended);
    const after = await ask(`${url}/`);
    checks.hold(`GET / is answered by the new version: ${after}`, isGood(after) && after !== before.answer);
    checkAnswers(checks, asking.answers(), ['the old or the new version', [before.answer, after]]);
  } finally {
    await asking.stop();
  }
  return checks.allHeld();
}

function checkFailure(checks: Checks, { fails }: Scenario, { execution, states = [] }: Followed): void {
  const error = execution?.error ?? 'none';
  const { message } = readFailure({ state: '', error, cause: execution?.cause ?? '' });
  const last = states.slice(-fails.states.length);
  checks.hold(`it FAILED with ${fails.error}`, execution?.status === 'FAILED' && error === fails.error);
  checks.hold(`by way of ${fails.states.join(' → ')}`, last.join() === fails.states.join());
  for (const say of fails.says)
    checks.hold(`it says ${say.exec(message)?.[0] ?? say.source}`, say.test(message));
}

/** Not one request may fail, and nobody else may answer. */
function checkAnswers(
  checks: Checks,
  answers: Map<string, number>,
  [who, expected]: [string, string[]],
): void {
  const counts = [...answers].map(([answer, count]) => `${count} × ${answer}`).join(', ');
  const isFine = answers.size > 0 && [...answers.keys()].every((answer) => expected.includes(answer));
  checks.hold(`every request was answered by ${who}: ${counts}`, isFine && expected.every(isGood));
}

const isGood = (answer: string) => answer.startsWith('200 ');

async function mend({ mending }: Scenario, stage: Stage, failed: Followed): Promise<Followed> {
  if ('push' in mending) return stage.deploy(mending.push);
  await mending.repair(stage);
  return stage.redrive(failed);
}

function checkMended(checks: Checks, { mending }: Scenario, { execution, states = [] }: Followed): void {
  const what = 'push' in mending ? 'the fixing push' : 'the redrive';
  checks.hold(`${what} SUCCEEDED`, execution?.status === 'SUCCEEDED' && states.at(-1) === 'Deployed');
  if ('push' in mending) return;
  const { redriveStates } = mending;
  checks.hold(`it went on by way of ${redriveStates.join(' → ')}`, states.join() === redriveStates.join());
}

async function taskDefinitionOf({ sandbox }: Stage): Promise<string> {
  const { services } = await sandbox.services.calls.call('ecs', 'DescribeServices', {
    cluster: sandbox.world?.cluster,
    services: ['webapp-service'],
  });
  return services[0].taskDefinition.split('/').at(-1);
}
