import type {
  CreateTableInput,
  CreateTableOutput,
  DeleteTableInput,
  DescribeTableInput,
  DescribeTableOutput,
  TableDescription,
  UpdateTableInput,
  UpdateTableOutput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { Dynamodb } from '../needs.ts';
import { newSettings, type TableSettings, tableNameOf } from '../tables.ts';

/** Tables: dynalite's, with the settings that it does not know. */
export function tableOperations({
  context,
  settings,
  engine,
  activate,
}: Dynamodb): Record<string, Operation> {
  const described = (table: TableDescription | undefined) =>
    describe(table, settings.get(table?.TableName ?? ''));
  const operations = {
    async CreateTable(input: CreateTableInput): Promise<CreateTableOutput> {
      refuseStreams(input);
      const { Tags, SSESpecification, DeletionProtectionEnabled, TableClass, ...plain } = input;
      const { TableDescription } = await engine<CreateTableOutput>('CreateTable', plain);
      const tableName = tableNameOf(input.TableName ?? '');
      settings.set(tableName, {
        createdAt: new Date(context.clock.now()),
        encrypted: SSESpecification?.Enabled ?? false,
        deletionProtection: DeletionProtectionEnabled ?? false,
        ...(TableClass === undefined ? {} : { tableClass: TableClass }),
      });
      await activate(tableName);
      if (Tags?.length) await engine('TagResource', { ResourceArn: TableDescription?.TableArn, Tags });
      return { TableDescription: described(TableDescription) };
    },
    async DescribeTable(input: DescribeTableInput): Promise<DescribeTableOutput> {
      const { Table } = await engine<DescribeTableOutput>('DescribeTable', input);
      return { Table: described(Table) };
    },
    async UpdateTable(input: UpdateTableInput): Promise<UpdateTableOutput> {
      refuseStreams(input);
      if (input.GlobalSecondaryIndexUpdates?.some(({ Create, Delete }) => Create || Delete)) {
        throw new AwsError(
          'ValidationException',
          'This sandbox cannot add an index to an existing table or remove one from it.',
        );
      }
      const { SSESpecification, DeletionProtectionEnabled, TableClass, TableName = '', ...plain } = input;
      const table = await operations.DescribeTable({ TableName });
      const known = settings.get(tableNameOf(TableName));
      if (known && SSESpecification) known.encrypted = SSESpecification.Enabled ?? false;
      if (known && DeletionProtectionEnabled !== undefined)
        known.deletionProtection = DeletionProtectionEnabled;
      if (known && TableClass !== undefined) known.tableClass = TableClass;
      if (Object.values(plain).every((value) => value === undefined)) {
        return { TableDescription: described(table.Table) };
      }
      const { TableDescription } = await engine<UpdateTableOutput>('UpdateTable', { TableName, ...plain });
      return { TableDescription: described(TableDescription) };
    },
    async DeleteTable(input: DeleteTableInput) {
      const tableName = tableNameOf(input.TableName ?? '');
      if (settings.get(tableName)?.deletionProtection) {
        throw new AwsError(
          'ValidationException',
          `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
        );
      }
      const output = await engine('DeleteTable', input);
      settings.delete(tableName);
      return output;
    },
  };
  return operations;
}

function refuseStreams({ StreamSpecification }: CreateTableInput | UpdateTableInput): void {
  if (StreamSpecification?.StreamEnabled) {
    throw new AwsError('ValidationException', 'This sandbox has no DynamoDB Streams.');
  }
}

function describe(
  table: TableDescription | undefined,
  { createdAt, encrypted, deletionProtection, tableClass }: TableSettings = newSettings(),
): TableDescription {
  return {
    ...table,
    ...(createdAt === undefined ? {} : { CreationDateTime: createdAt }),
    DeletionProtectionEnabled: deletionProtection,
    ...(encrypted ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' } } : {}),
    ...(tableClass === undefined ? {} : { TableClassSummary: { TableClass: tableClass as 'STANDARD' } }),
  };
}
