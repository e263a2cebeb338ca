import { DeploymentRecord } from '#lib/deployment/record/record.ts';
import type { Table } from './table.ts';
import { createVersionedItems, type VersionedItems } from './versioned-items.ts';

/** What a deployment's record is found by. */
export type DeploymentName = Pick<DeploymentRecord, 'service' | 'deployment'>;

export const keyOf = ({ service, deployment }: DeploymentName) => ({
  pk: `SERVICE#${service}`,
  sk: `DEPLOYMENT#${deployment}`,
});

/** The records of deployments; undefined where there is none. */
export const createDeploymentItems = (
  table: Table,
): VersionedItems<DeploymentName, DeploymentRecord | undefined> =>
  createVersionedItems(table, {
    schema: DeploymentRecord,
    keyOf,
    missing: () => undefined,
    describe: ({ deployment }) => `the record of ${deployment}`,
  });
