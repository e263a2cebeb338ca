import type { DBInstanceMessage, DescribeDBInstancesMessage } from '@aws-sdk/client-rds';
import { notSupported } from '#sandbox/core/errors.ts';
import { findInstance, type RdsState } from '../state.ts';

export function describeDBInstances(state: RdsState) {
  return (input: DescribeDBInstancesMessage): DBInstanceMessage => {
    if (input.Filters?.length) throw notSupported('filters of DescribeDBInstances');
    const chosen = input.DBInstanceIdentifier
      ? [findInstance(state, input.DBInstanceIdentifier)]
      : [...state.instances.values()];
    return { DBInstances: chosen.map(({ shape, tags }) => ({ ...shape, TagList: tags })) };
  };
}
