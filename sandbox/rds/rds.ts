import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as sdk from '@aws-sdk/client-rds';
import { arn } from '#sandbox/core/arn.ts';
import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { createDBInstance } from './operations/create-db-instance.ts';
import {
  createDBSubnetGroup,
  deleteDBSubnetGroup,
  describeDBSubnetGroups,
} from './operations/db-subnet-groups.ts';
import { deleteDBInstance } from './operations/delete-db-instance.ts';
import { describeDBInstances } from './operations/describe-db-instances.ts';
import { addTagsToResource, listTagsForResource } from './operations/tags.ts';
import { findInstance, identifierOf, type RdsState } from './state.ts';

export interface RdsOptions {
  /** Where the empty cluster is kept between starts. Default: node_modules/.cache/landfall, by version. */
  cacheFile?: string;
  /** How long a client may sit in a transaction, saying nothing, while others wait for the session. */
  idleInTransactionSeconds?: number;
}

/**
 * RDS for PostgreSQL: every instance is a real PostgreSQL (PGlite, in memory) behind a real port, on a thread
 * of its own. All clients of an instance share its one session, a transaction at a time, as behind a pooler:
 * what is bound to a session (SET, temporary tables, advisory locks, LISTEN) is shared too.
 */
export interface Rds {
  definition: ServiceDefinition;
  /** Resolves when the instance is `available`; rejects when its server could not start. */
  available(identifier: string): Promise<{ host: '127.0.0.1'; port: number }>;
  close(): Promise<void>;
}

export function createRds(context: SandboxContext, options: RdsOptions = {}): Rds {
  const state: RdsState = {
    context,
    cacheFile: options.cacheFile ?? defaultCacheFile(),
    idleTimeoutMilliseconds: (options.idleInTransactionSeconds ?? 30) * 1000,
    instances: new Map(),
    subnetGroups: new Map(),
  };
  return {
    definition: {
      signingName: 'rds',
      sdk,
      operations: {
        CreateDBInstance: createDBInstance(state),
        DescribeDBInstances: describeDBInstances(state),
        DeleteDBInstance: deleteDBInstance(state),
        CreateDBSubnetGroup: createDBSubnetGroup(state),
        DescribeDBSubnetGroups: describeDBSubnetGroups(state),
        DeleteDBSubnetGroup: deleteDBSubnetGroup(state),
        AddTagsToResource: addTagsToResource(state),
        ListTagsForResource: listTagsForResource(state),
      },
      authorize: (operation, input) => authorize(context, operation, input),
    },

    async available(identifier) {
      const { port } = await findInstance(state, identifier).postgres.ready;
      return { host: '127.0.0.1', port };
    },

    async close() {
      await Promise.all([...state.instances.values()].map(({ postgres }) => postgres.stop()));
      state.instances.clear();
    },
  };
}

/** Beside the package it was made by, and named after its version: an upgrade makes a new one. */
function defaultCacheFile(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const root = dirname(dirname(entry));
  const { version } = createRequire(import.meta.url)(join(root, 'package.json')) as { version: string };
  return join(root, '..', '..', '.cache', 'landfall', `pglite-${version}.tar`);
}

/** Service Authorization Reference, "Amazon RDS": instances are db:NAME, subnet groups subgrp:NAME. */
function authorize(
  context: SandboxContext,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const names: string[] = [];
  if (operation.endsWith('DBInstance') || operation.endsWith('DBInstances')) {
    names.push(`db:${identifierOf(input.DBInstanceIdentifier as string | undefined) || '*'}`);
  }
  const group = identifierOf(input.DBSubnetGroupName as string | undefined);
  if (group || operation.includes('SubnetGroup')) names.push(`subgrp:${group || '*'}`);
  const resources = input.ResourceName
    ? [String(input.ResourceName)]
    : names.map((name) => arn(context, 'rds', name));
  return [{ action: `rds:${operation}`, resources }];
}
