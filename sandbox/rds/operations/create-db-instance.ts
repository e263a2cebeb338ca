import type { CreateDBInstanceMessage, CreateDBInstanceResult } from '@aws-sdk/client-rds';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import { startPostgres } from '../postgres/start.ts';
import { findSubnetGroup, type Instance, identifierOf, type RdsState } from '../state.ts';

/**
 * Answers at once with status `creating`; the server starts meanwhile on a thread of its own, and the instance
 * becomes `available`, with its endpoint, when clients can connect.
 */
export function createDBInstance(state: RdsState) {
  return (input: CreateDBInstanceMessage): CreateDBInstanceResult => {
    validate(input);
    const identifier = identifierOf(input.DBInstanceIdentifier);
    if (state.instances.has(identifier)) {
      throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists');
    }
    const subnetGroup = input.DBSubnetGroupName
      ? findSubnetGroup(state, input.DBSubnetGroupName).shape
      : undefined;
    const instance: Instance = {
      tags: input.Tags ?? [],
      postgres: startPostgres({
        username: input.MasterUsername ?? '',
        password: input.MasterUserPassword ?? '',
        database: input.DBName ?? 'postgres',
        port: input.Port ?? 0,
        cacheFile: state.cacheFile,
        idleTimeoutMilliseconds: state.idleTimeoutMilliseconds,
      }),
      shape: {
        DBInstanceIdentifier: identifier,
        DBInstanceArn: arn(state.context, 'rds', `db:${identifier}`),
        DBInstanceClass: input.DBInstanceClass,
        Engine: 'postgres',
        DBInstanceStatus: 'creating',
        MasterUsername: input.MasterUsername,
        DBName: input.DBName,
        AllocatedStorage: input.AllocatedStorage,
        DBSubnetGroup: subnetGroup,
        VpcSecurityGroups: (input.VpcSecurityGroupIds ?? []).map((id) => ({
          VpcSecurityGroupId: id,
          Status: 'active',
        })),
        MultiAZ: input.MultiAZ ?? false,
        PubliclyAccessible: input.PubliclyAccessible ?? false,
        BackupRetentionPeriod: input.BackupRetentionPeriod ?? 1,
        StorageType: input.StorageType,
        DeletionProtection: input.DeletionProtection ?? false,
      },
    };
    state.instances.set(identifier, instance);
    follow(instance, state);
    return { DBInstance: { ...instance.shape, TagList: instance.tags } };
  };
}

function follow({ postgres, shape }: Instance, { context }: RdsState): void {
  postgres.ready.then(
    ({ port, version }) => {
      shape.DBInstanceStatus = 'available';
      shape.Endpoint = { Address: '127.0.0.1', Port: port };
      shape.EngineVersion = version;
      shape.InstanceCreateTime = new Date(context.clock.now());
    },
    (error: Error) => {
      if (shape.DBInstanceStatus === 'creating') shape.DBInstanceStatus = 'failed';
      context.debug(`RDS ${shape.DBInstanceIdentifier}: ${error.message}`);
    },
  );
}

function validate(input: CreateDBInstanceMessage): void {
  const invalid = (message: string) => new AwsError('InvalidParameterValue', message);
  if (input.Engine !== 'postgres')
    throw notSupported(`DB instances with engine '${input.Engine}', only postgres`);
  if (input.ManageMasterUserPassword) throw notSupported('master passwords that Secrets Manager manages');
  if (!/^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,61}[A-Za-z0-9]$|^[A-Za-z]$/.test(input.DBInstanceIdentifier ?? '')) {
    throw invalid(
      `The parameter DBInstanceIdentifier is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  }
  if (!/^[A-Za-z]\w{0,62}$/.test(input.MasterUsername ?? '') || reserved.has(input.MasterUsername ?? '')) {
    throw invalid(
      `MasterUsername ${input.MasterUsername} cannot be used as it is a reserved word used by the engine`,
    );
  }
  if ((input.MasterUserPassword ?? '').length < 8) {
    throw invalid(
      'The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.',
    );
  }
  if (input.DBName !== undefined && !/^[A-Za-z_]\w{0,62}$/.test(input.DBName)) {
    throw invalid('DBName must begin with a letter and contain only alphanumeric characters.');
  }
}

const reserved = new Set(['admin', 'rdsadmin', 'rds_superuser', 'public']);
