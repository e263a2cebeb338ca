import type {
  DescribeTimeToLiveInput,
  DescribeTimeToLiveOutput,
  UpdateTimeToLiveInput,
  UpdateTimeToLiveOutput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { Dynamodb } from '../needs.ts';
import { newSettings, tableNameOf } from '../tables.ts';

/** Which attribute, if any, says when an item of a table expires. */
export function timeToLiveOperations({ settings, engine }: Dynamodb): Record<string, Operation> {
  const settingsOf = async (TableName = '') => {
    await engine('DescribeTable', { TableName });
    const name = tableNameOf(TableName);
    const known = settings.get(name) ?? newSettings();
    settings.set(name, known);
    return known;
  };
  const operations = {
    async UpdateTimeToLive(input: UpdateTimeToLiveInput): Promise<UpdateTimeToLiveOutput> {
      const { TableName, TimeToLiveSpecification } = input;
      const { Enabled = false, AttributeName = '' } = TimeToLiveSpecification ?? {};
      const table = await settingsOf(TableName);
      if (Enabled === (table.ttlAttribute !== undefined)) {
        throw new AwsError(
          'ValidationException',
          `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`,
        );
      }
      if (Enabled) table.ttlAttribute = AttributeName;
      else delete table.ttlAttribute;
      return { TimeToLiveSpecification: { Enabled, AttributeName } };
    },
    async DescribeTimeToLive({ TableName }: DescribeTimeToLiveInput): Promise<DescribeTimeToLiveOutput> {
      const { ttlAttribute } = await settingsOf(TableName);
      return {
        TimeToLiveDescription:
          ttlAttribute === undefined
            ? { TimeToLiveStatus: 'DISABLED' }
            : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
      };
    },
  };
  return operations;
}
