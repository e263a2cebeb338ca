import type { DBInstance, DBSubnetGroup, Tag } from '@aws-sdk/client-rds';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { Postgres } from './postgres/start.ts';

/** A DB instance: what the API shows of it, and the server behind it. */
export interface Instance {
  shape: DBInstance & { DBInstanceIdentifier: string; DBInstanceArn: string };
  tags: Tag[];
  postgres: Postgres;
}

export interface SubnetGroup {
  shape: DBSubnetGroup & { DBSubnetGroupName: string; DBSubnetGroupArn: string };
  tags: Tag[];
}

export interface RdsState {
  context: SandboxContext;
  /** Where the empty cluster that initdb made is kept between starts. */
  cacheFile: string;
  idleTimeoutMilliseconds: number;
  instances: Map<string, Instance>;
  subnetGroups: Map<string, SubnetGroup>;
}

/** Identifiers are "stored as a lowercase string", whatever the request writes. */
export function identifierOf(text: string | undefined): string {
  return (text ?? '').toLowerCase();
}

export function findInstance(state: RdsState, identifier: string | undefined): Instance {
  const instance = state.instances.get(identifierOf(identifier));
  if (instance) return instance;
  throw new AwsError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, { httpStatus: 404 });
}

export function findSubnetGroup(state: RdsState, name: string | undefined): SubnetGroup {
  const group = state.subnetGroups.get(identifierOf(name));
  if (group) return group;
  throw new AwsError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`, {
    httpStatus: 404,
  });
}
