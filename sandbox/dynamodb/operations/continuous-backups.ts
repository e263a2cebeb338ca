import type {
  ContinuousBackupsDescription,
  DescribeContinuousBackupsInput,
  UpdateContinuousBackupsInput,
} from '@aws-sdk/client-dynamodb';
import type { Operation } from '#sandbox/core/service.ts';
import type { Dynamodb } from '../needs.ts';
import { newSettings, type TableSettings, tableNameOf } from '../tables.ts';

/** Whether point-in-time recovery is on. The setting is kept; there is nothing here to recover from. */
export function continuousBackupOperations({
  context,
  settings,
  engine,
}: Dynamodb): Record<string, Operation> {
  const settingsOf = async (TableName = '') => {
    await engine('DescribeTable', { TableName });
    const name = tableNameOf(TableName);
    const known = settings.get(name) ?? newSettings();
    settings.set(name, known);
    return known;
  };
  const describe = (
    table: TableSettings,
  ): { ContinuousBackupsDescription: ContinuousBackupsDescription } => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription:
        table.pointInTimeRecoverySince === undefined
          ? { PointInTimeRecoveryStatus: 'DISABLED' }
          : {
              PointInTimeRecoveryStatus: 'ENABLED',
              EarliestRestorableDateTime: table.pointInTimeRecoverySince,
              LatestRestorableDateTime: new Date(context.clock.now()),
            },
    },
  });
  const operations = {
    async UpdateContinuousBackups(input: UpdateContinuousBackupsInput) {
      const table = await settingsOf(input.TableName);
      if (!input.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled) {
        delete table.pointInTimeRecoverySince;
      } else table.pointInTimeRecoverySince ??= new Date(context.clock.now());
      return describe(table);
    },
    DescribeContinuousBackups: async ({ TableName }: DescribeContinuousBackupsInput) =>
      describe(await settingsOf(TableName)),
  };
  return operations;
}
