import { now } from '#lib/aws/sdk/clock.ts';
import { createWaits, type Wait } from '#lib/aws/table/waits.ts';
import { type DeploymentDocument, requireValue, type StateInput } from '#lib/deployment/document.ts';
import * as claims from './claims.ts';
import { look, waitKeyOf } from './look.ts';

const waits = createWaits();

/**
 * What every waiting state does: put the token in the table, *then* look, so that an event which arrives in between
 * is not lost. Heartbeats call it again with a new token, which takes the old one's place.
 *
 * `extend` moves the deadline of a run that was re-driven straight into its wait: such a run has the whole time again.
 */
export async function waitFor(
  kind: Wait['kind'],
  input: StateInput,
  extend: (document: DeploymentDocument, redrivenAt: number) => DeploymentDocument,
): Promise<void> {
  const { execution, taskToken } = input;
  const document = await claims.ensureClaim(input);
  const wait: Wait = {
    kind,
    taskToken: requireValue(taskToken, 'taskToken'),
    execution: execution.arn,
    document: execution.redrivenAt === undefined ? document : extend(document, execution.redrivenAt),
  };
  await waits.put(waitKeyOf(wait), wait, now());
  await look(wait);
}
