import type {
  CreateDBSubnetGroupMessage,
  CreateDBSubnetGroupResult,
  DBSubnetGroupMessage,
  DeleteDBSubnetGroupMessage,
  DescribeDBSubnetGroupsMessage,
} from '@aws-sdk/client-rds';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { findSubnetGroup, identifierOf, type RdsState, type SubnetGroup } from '../state.ts';

export function createDBSubnetGroup(state: RdsState) {
  return (input: CreateDBSubnetGroupMessage): CreateDBSubnetGroupResult => {
    const name = identifierOf(input.DBSubnetGroupName);
    if (state.subnetGroups.has(name)) {
      throw new AwsError('DBSubnetGroupAlreadyExists', `The DB subnet group '${name}' already exists.`);
    }
    const group: SubnetGroup = {
      tags: input.Tags ?? [],
      shape: {
        DBSubnetGroupName: name,
        DBSubnetGroupArn: arn(state.context, 'rds', `subgrp:${name}`),
        DBSubnetGroupDescription: input.DBSubnetGroupDescription,
        SubnetGroupStatus: 'Complete',
        Subnets: (input.SubnetIds ?? []).map((id) => ({ SubnetIdentifier: id, SubnetStatus: 'Active' })),
      },
    };
    state.subnetGroups.set(name, group);
    return { DBSubnetGroup: group.shape };
  };
}

export function describeDBSubnetGroups(state: RdsState) {
  return (input: DescribeDBSubnetGroupsMessage): DBSubnetGroupMessage => {
    const chosen = input.DBSubnetGroupName
      ? [findSubnetGroup(state, input.DBSubnetGroupName)]
      : [...state.subnetGroups.values()];
    return { DBSubnetGroups: chosen.map(({ shape }) => shape) };
  };
}

export function deleteDBSubnetGroup(state: RdsState) {
  return (input: DeleteDBSubnetGroupMessage): Record<string, never> => {
    const name = findSubnetGroup(state, input.DBSubnetGroupName).shape.DBSubnetGroupName;
    const used = [...state.instances.values()].some(
      ({ shape }) => shape.DBSubnetGroup?.DBSubnetGroupName === name,
    );
    if (used) {
      throw new AwsError(
        'InvalidDBSubnetGroupStateFault',
        `Cannot delete the subnet group '${name}' because at least one database instance is still using it.`,
      );
    }
    state.subnetGroups.delete(name);
    return {};
  };
}
