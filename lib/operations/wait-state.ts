import { type Now, now } from '#lib/aws/sdk/clock.ts';
import type { Warn } from '#lib/aws/sdk/warn.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { createWaits, type Wait, type Waits } from '#lib/aws/table/waits.ts';
import type { DeploymentDocument, StateInput } from '#lib/deployment/document.ts';
import { requireValue } from '#lib/deployment/document.ts';
import { type Claims, installedClaims } from './claims.ts';
import { installedLook, waitKeyOf } from './look.ts';

/**
 * What every waiting state does: put the token in the table, *then* look, so that an event which arrives in between
 * is not lost. Heartbeats call it again with a new token, which takes the old one's place.
 *
 * `extend` moves the deadline of a run that was re-driven straight into its wait: such a run has the whole time again.
 */
function createWaitState(
  kind: Wait['kind'],
  needs: {
    claims: Pick<Claims, 'ensureClaim'>;
    waits: Pick<Waits, 'put'>;
    look: (wait: Wait) => Promise<void>;
    now: Now;
  },
  extend: (document: DeploymentDocument, redrivenAt: number) => DeploymentDocument,
) {
  return async (input: StateInput): Promise<void> => {
    const { execution, taskToken } = input;
    const document = await needs.claims.ensureClaim(input);
    const wait: Wait = {
      kind,
      taskToken: requireValue(taskToken, 'taskToken'),
      execution: execution.arn,
      document: execution.redrivenAt === undefined ? document : extend(document, execution.redrivenAt),
    };
    await needs.waits.put(waitKeyOf(wait), wait, needs.now());
    await needs.look(wait);
  };
}

/** The deadline of a wait that began, or began again with a redrive, `timeoutSeconds` ago at most. */
export const extendDeadline = <Timed extends { deadline: number }>(
  timed: Timed,
  redrivenAt: number,
  timeoutSeconds: number,
): Timed => ({
  ...timed,
  deadline: Math.max(timed.deadline, redrivenAt + timeoutSeconds * 1000),
});

type Extend = Parameters<typeof createWaitState>[2];

/** A waiting state of this installation. */
export const installedWaitState = (kind: Wait['kind'], warn: Warn, extend: Extend) =>
  createWaitState(
    kind,
    { claims: installedClaims(), waits: createWaits(installedTable()), look: installedLook(warn), now },
    extend,
  );
