import type { Left } from '#lib/deployment/left.ts';
import { type DeploymentRecord, formerRuns } from '#lib/deployment/record.ts';
import { readRecord, updateRecord } from './deployment-item.ts';
import type { Table } from './table.ts';

/** How one run of a deployment has ended. */
export interface End {
  status: DeploymentRecord['status'];
  redriveCount: number;
  left?: Left | undefined;
  /** The revision that went live. */
  taskDefinition?: string | undefined;
  error?: string | undefined;
  message?: string | undefined;
}

/** What the record of a deployment says of the ends of its runs. */
export interface DeploymentEnds {
  /** Whether this run has been closed by whoever had to tell of its end. */
  isClosed(service: string, deployment: string, redriveCount: number): Promise<boolean>;
  /**
   * Closes the record of one run. True for the one call that does, whose it then is to tell and to count the end. False
   * when there is nothing to close: it is closed already. Events arrive late and twice: where a later run has opened
   * the record again, the first to tell of this one gets true all the same.
   */
  close(service: string, deployment: string, end: End, now: number): Promise<boolean>;
  /**
   * Closes the record of a run that was seen to be over until whoever has to tell of its end does so by `close`, should
   * that fail or take its time. Changes nothing that is closed already.
   */
  presume(service: string, deployment: string, end: End, now: number): Promise<void>;
  /**
   * Keeps what the execution's history says of a run that is over, unless a later run has begun since. True for the
   * first call about this run, whose it then is to count the steps.
   */
  keep(
    service: string,
    deployment: string,
    redriveCount: number,
    course: Pick<DeploymentRecord, 'steps' | 'failure'>,
  ): Promise<boolean>;
}

export function createDeploymentEnds(table: Table): DeploymentEnds {
  /** Whether this is the first who counts this run under that name. */
  const isFirst = (
    service: string,
    deployment: string,
    redriveCount: number,
    name: 'endsCounted' | 'stepsCounted',
  ) =>
    updateRecord(table, service, deployment, {
      UpdateExpression: `ADD ${name} :runs`,
      ConditionExpression: `attribute_exists(pk) AND NOT contains(${name}, :run)`,
      ExpressionAttributeValues: { ':runs': new Set([redriveCount]), ':run': redriveCount },
    });

  return {
    async isClosed(service, deployment, redriveCount) {
      const kept = await readRecord(table, service, deployment);
      return kept?.endsCounted?.has(redriveCount) ?? false;
    },

    async close(service, deployment, end, now) {
      const { redriveCount } = end;
      const values = valuesOf(end, now);
      const close = (run: number, former: Record<string, unknown>) => {
        const { set, removed, ExpressionAttributeNames, ExpressionAttributeValues } = expressed({
          ...values,
          ...former,
        });
        return updateRecord(table, service, deployment, {
          // What an earlier run went through is not how this one went.
          UpdateExpression: `SET ${set} REMOVE ${['presumed', 'steps', 'failure', ...removed].join(', ')} ADD endsCounted :counted`,
          ConditionExpression:
            'redriveCount = :run AND (redriveCount < :redriveCount OR #status = :running OR attribute_exists(presumed))',
          ExpressionAttributeNames,
          ExpressionAttributeValues: {
            ...ExpressionAttributeValues,
            ':run': run,
            ':running': 'RUNNING',
            ':counted': new Set([redriveCount]),
          },
        });
      };
      if (await close(redriveCount, {})) return true;
      let kept = await readRecord(table, service, deployment);
      if (kept !== undefined && kept.redriveCount < redriveCount) {
        // Re-driven into the midst of the pipeline, where no state opens the record.
        if (await close(kept.redriveCount, { runs: formerRuns(kept) })) return true;
        kept = await readRecord(table, service, deployment);
      }
      if (kept === undefined) return false;
      if (kept.redriveCount > redriveCount) return isFirst(service, deployment, redriveCount, 'endsCounted');
      // Where an answer was lost, the SDK's next attempt meets the write of the one before: it was this call's.
      const found: Record<string, unknown> = { ...kept };
      return Object.entries(values).every(([name, value]) => found[name] === value);
    },

    async presume(service, deployment, end, now) {
      const { set, removed, ExpressionAttributeNames, ExpressionAttributeValues } = expressed(
        valuesOf(end, now),
      );
      await updateRecord(table, service, deployment, {
        UpdateExpression: `SET ${set}, presumed = :presumed${removed.length === 0 ? '' : ` REMOVE ${removed.join(', ')}`}`,
        ConditionExpression: 'redriveCount <= :redriveCount AND #status = :running',
        ExpressionAttributeNames,
        ExpressionAttributeValues: {
          ...ExpressionAttributeValues,
          ':running': 'RUNNING',
          ':presumed': true,
        },
      });
    },

    async keep(service, deployment, redriveCount, { steps, failure }) {
      await updateRecord(table, service, deployment, {
        UpdateExpression: `SET steps = :steps${failure === undefined ? ' REMOVE failure' : ', failure = :failure'}`,
        ConditionExpression: 'redriveCount = :run AND #status <> :running',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':steps': steps,
          ':run': redriveCount,
          ':running': 'RUNNING',
          ...(failure === undefined ? {} : { ':failure': failure }),
        },
      });
      return isFirst(service, deployment, redriveCount, 'stepsCounted');
    },
  };
}

const valuesOf = ({ status, redriveCount, left, taskDefinition, error, message }: End, now: number) => ({
  status,
  endedAt: now,
  redriveCount,
  left,
  taskDefinition,
  error,
  message,
});

/** What an UpdateExpression sets of these values and, of those that are undefined, removes. */
function expressed(values: Record<string, unknown>) {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  const absent = Object.entries(values).filter(([, value]) => value === undefined);
  return {
    set: present.map(([name]) => `#${name} = :${name}`).join(', '),
    removed: absent.map(([name]) => `#${name}`),
    ExpressionAttributeNames: Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
  };
}
