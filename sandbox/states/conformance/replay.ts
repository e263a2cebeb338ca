import { seededRandom } from '#sandbox/core/random.ts';
import { Execution } from '../interpreter/execution.ts';
import { difference } from './compare.ts';
import { detailsOf, endOf, type Recording } from './recording.ts';
import { possibleOrders, recordedTasks } from './results.ts';
import { restoredInput } from './unscrub.ts';
import { VirtualClock } from './virtual-clock.ts';

const NOW = Date.UTC(2025, 0, 1);

/** Names as recordings write them, so that what quotes them reads the same. */
function identityOf(recording: Recording) {
  const machine = 'arn:<partition>:states:<region>:111111111111';
  const started = recording.events[0];
  return {
    executionArn: `${machine}:execution:<ArnPart_0idx>:<ExecArnPart_0idx>`,
    executionName: '<ExecArnPart_0idx>',
    stateMachineArn: `${machine}:stateMachine:<ArnPart_0idx>`,
    stateMachineName: '<ArnPart_0idx>',
    roleArn: String(started ? detailsOf(started).roleArn : ''),
  };
}

/** Replays one recording; gives the first difference, or nothing when there is none. */
export async function replay(recording: Recording): Promise<string | undefined> {
  let problem: string | undefined;
  for (const order of possibleOrders(recording)) {
    const found = await replayWith(recording, order);
    if (found === undefined) return undefined;
    problem ??= found;
  }
  return problem;
}

async function replayWith(recording: Recording, order: number[]): Promise<string | undefined> {
  const clock = new VirtualClock(NOW);
  const execution = new Execution({
    definition: recording.definition,
    input: restoredInput(recording, NOW),
    identity: identityOf(recording),
    environment: {
      clock,
      random: seededRandom(1),
      region: '<region>',
      tasks: recordedTasks(recording, order),
    },
  });
  execution.start();
  const end = endOf(recording);
  await clock.run(
    () => execution.status !== 'RUNNING',
    () => {
      // Somebody stopped it while it was waiting.
      if (end?.type !== 'ExecutionAborted' || execution.events.length < recording.events.length - 1)
        return false;
      const { error, cause } = detailsOf(end);
      execution.stop(error as string | undefined, cause as string | undefined);
      return true;
    },
  );
  const problem = difference(recording, execution.events);
  execution.stop();
  return problem;
}
