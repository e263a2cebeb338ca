import { closeRun, closeRunProvisionally, keepHistory } from '#lib/deployment/record/close-run.ts';
import { type DeploymentRecord, isResultCounted } from '#lib/deployment/record/record.ts';
import type { RunResult } from '#lib/deployment/run-result.ts';
import { createDeploymentItems } from './deployment-items.ts';
import { installedTable, type Table } from './table.ts';

/** The results of a deployment's runs, as its record keeps them. Writes fail with StateUnavailable. */
export interface RunResults {
  /** Whether `close` has closed this run. */
  isClosed(service: string, deployment: string, redriveCount: number): Promise<boolean>;
  /** See `closeRun`. One call gets true: it notifies people and emits the metrics. All others get false. */
  close(service: string, deployment: string, result: RunResult, now: number): Promise<boolean>;
  /** See `closeRunProvisionally`. */
  closeProvisionally(service: string, deployment: string, result: RunResult, now: number): Promise<void>;
  /** See `keepHistory`. The first call about this run gets true: it emits the metrics of the steps. */
  keepHistory(
    service: string,
    deployment: string,
    redriveCount: number,
    history: Pick<DeploymentRecord, 'steps' | 'failure'>,
  ): Promise<boolean>;
}

export function createRunResults(table: Table = installedTable()): RunResults {
  const items = createDeploymentItems(table);
  return {
    async isClosed(service, deployment, redriveCount) {
      const record = await items.read({ service, deployment });
      return record !== undefined && isResultCounted(record, redriveCount);
    },

    async close(service, deployment, result, now) {
      const name = { service, deployment };
      return (await items.change(name, (record) => closeRun(record, result, now))).isFirst;
    },

    async closeProvisionally(service, deployment, result, now) {
      const name = { service, deployment };
      await items.change(name, (record) => closeRunProvisionally(record, result, now));
    },

    async keepHistory(service, deployment, redriveCount, history) {
      const name = { service, deployment };
      return (await items.change(name, (record) => keepHistory(record, redriveCount, history))).isFirst;
    },
  };
}
