import { errors } from '#lib/deployment/errors.ts';
import type { Ended } from '../harness.ts';
import { recordOf } from '../runs.ts';
import type { Fault } from './faults.ts';
import type { Lab } from './lab.ts';
import type { Row } from './rows.ts';

/** What must hold after every fault in every state, and does not; and what the service runs now. */
export async function problemsOf(
  { world, seen, migrations }: Lab,
  row: Row,
  fault: Fault,
  executionArn: string,
  ended: Ended,
): Promise<{ problems: string[]; runs: string }> {
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  const { claim, waiter, lastKnownGood } = await world.item();
  const runs = (await world.ecsService())?.taskDefinition ?? '';
  const record = await recordOf(world, executionArn).catch(() => undefined);

  must(seen.hits > 0, 'the fault never struck');
  must(isExpected(endingOf(ended), row, fault), `it ended with ${endingOf(ended)}`);
  must(claim === undefined && waiter === undefined, `${(claim ?? waiter)?.deployment} holds the claim`);
  must(closings(row, ended).includes(record?.status), `the record says ${record?.status} of ${ended.status}`);
  must(seen.told > 0 || fault.silences === true, 'nobody was told');
  for (const [deployment, tasks] of migrations)
    must(tasks.size === 1, `${deployment} was migrated ${tasks.size} times`);
  must(ended.status !== 'SUCCEEDED' || lastKnownGood?.taskDefinition === runs, `${runs} runs`);
  // A bug in HaltDeployment itself leaves nobody to say what runs.
  const isSpeechless = row.state === 'HaltDeployment' && fault.outcome === 'bug';
  const saysWhatRuns =
    ended.message.includes(runs) || (seen.updates === 0 && ended.message.includes('not touched'));
  must(
    ended.status !== 'FAILED' || isSpeechless || saysWhatRuns,
    `${runs} runs, and the message is: ${ended.message}`,
  );
  return { problems, runs };
}

export const endingOf = ({ status, error }: Ended) => (status === 'SUCCEEDED' ? 'live' : (error ?? status));

/** Success, a name of errors.ts or the name of the bug; never one of Step Functions, Lambda or an SDK. */
function isExpected(ending: string, { crashes }: Row, { outcome }: Fault): boolean {
  const undisturbed = crashes ? 'RolloutCrashLoop' : 'live';
  if (outcome === 'recovers') return ending === undisturbed;
  if (outcome === 'stopped') return ending === 'ABORTED';
  // The ending of a rollback that failed is RollbackFailed, whatever failed it.
  if (outcome === 'bug') return ending === 'TypeError' || (crashes && Object.hasOwn(errors, ending));
  return ending === undisturbed || Object.hasOwn(errors, ending);
}

/** How the record may be closed: as the execution ended, or as what the function did before it was cut off. */
function closings({ state }: Row, { status }: Ended): unknown[] {
  if (state === 'CompleteDeployment') return [status, 'SUCCEEDED'];
  return state === 'HaltDeployment' ? [status, 'FAILED'] : [status];
}
