import type { DeleteDBInstanceMessage, DeleteDBInstanceResult } from '@aws-sdk/client-rds';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import { findInstance, type RdsState } from '../state.ts';

/** The data is in memory and goes with the server. */
export function deleteDBInstance(state: RdsState) {
  return (input: DeleteDBInstanceMessage): DeleteDBInstanceResult => {
    const instance = findInstance(state, input.DBInstanceIdentifier);
    const { shape } = instance;
    if (shape.DeletionProtection) {
      throw new AwsError(
        'InvalidParameterCombination',
        'Cannot delete protected DB Instance, please disable deletion protection and try again.',
      );
    }
    if (!input.SkipFinalSnapshot) {
      if (input.FinalDBSnapshotIdentifier) throw notSupported('final snapshots of DB instances');
      throw new AwsError(
        'InvalidParameterCombination',
        'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
      );
    }
    shape.DBInstanceStatus = 'deleting';
    void instance.postgres.stop().then(() => state.instances.delete(shape.DBInstanceIdentifier));
    return { DBInstance: { ...shape, TagList: instance.tags } };
  };
}
