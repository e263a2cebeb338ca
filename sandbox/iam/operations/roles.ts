import type {
  CreateRoleRequest,
  DeleteRoleRequest,
  GetRoleRequest,
  ListRolesRequest,
  ListRoleTagsRequest,
  Role as RoleShape,
  Tag,
  TagRoleRequest,
  UntagRoleRequest,
  UpdateAssumeRolePolicyRequest,
} from '@aws-sdk/client-iam';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation, SandboxContext } from '#sandbox/core/service.ts';
import { alreadyExists, deleteConflict, roleNamed } from '../errors.ts';
import { parsePolicy } from '../policy.ts';
import { uniqueId } from '../sessions.ts';
import type { IamStore, Role } from '../store.ts';

/** Roles themselves: created, shown, listed, tagged, deleted. */
export function roleOperations(context: SandboxContext, store: IamStore): Record<string, Operation> {
  const operations = {
    CreateRole(input: CreateRoleRequest) {
      const role = newRole(context, input);
      if (store.roles.has(role.roleName)) {
        throw alreadyExists(`Role with name ${role.roleName} already exists.`);
      }
      store.roles.set(role.roleName, role);
      return { Role: shape(role) };
    },
    GetRole: ({ RoleName }: GetRoleRequest) => ({ Role: shape(roleNamed(store, RoleName ?? '')) }),
    ListRoles: ({ PathPrefix = '/' }: ListRolesRequest) => ({
      Roles: [...store.roles.values()].filter(({ path }) => path.startsWith(PathPrefix)).map(shape),
      IsTruncated: false,
    }),
    DeleteRole({ RoleName = '' }: DeleteRoleRequest) {
      const role = roleNamed(store, RoleName);
      if (role.attached.size > 0)
        throw deleteConflict('Cannot delete entity, must detach all policies first.');
      if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
      store.roles.delete(RoleName);
    },
    UpdateAssumeRolePolicy({ RoleName = '', PolicyDocument = '' }: UpdateAssumeRolePolicyRequest) {
      const role = roleNamed(store, RoleName);
      role.trust = parsePolicy(PolicyDocument, 'trust');
      role.trustText = PolicyDocument;
    },
    TagRole({ RoleName = '', Tags }: TagRoleRequest) {
      const role = roleNamed(store, RoleName);
      for (const [key, value] of tagEntries(Tags)) role.tags.set(key, value);
    },
    UntagRole({ RoleName = '', TagKeys = [] }: UntagRoleRequest) {
      const role = roleNamed(store, RoleName);
      for (const key of TagKeys) role.tags.delete(key);
    },
    ListRoleTags: ({ RoleName = '' }: ListRoleTagsRequest) => ({
      Tags: tagList(roleNamed(store, RoleName)),
      IsTruncated: false,
    }),
  };
  return operations;
}

function newRole(context: SandboxContext, input: CreateRoleRequest): Role {
  const { RoleName = '', Path = '/', AssumeRolePolicyDocument = '' } = input;
  if (!/^[\w+=,.@-]{1,64}$/.test(RoleName)) {
    throw new AwsError(
      'ValidationError',
      'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    );
  }
  return {
    roleName: RoleName,
    roleId: `AROA${uniqueId(context, 17)}`,
    arn: `arn:aws:iam::${context.accountId}:role${Path}${RoleName}`,
    path: Path,
    createDate: new Date(context.clock.now()),
    maxSessionDuration: input.MaxSessionDuration ?? 3600,
    trustText: AssumeRolePolicyDocument,
    trust: parsePolicy(AssumeRolePolicyDocument, 'trust'),
    inline: new Map(),
    attached: new Set(),
    tags: new Map(tagEntries(input.Tags)),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.PermissionsBoundary === undefined ? {} : { permissionsBoundary: input.PermissionsBoundary }),
  };
}

function tagEntries(tags: Tag[] | undefined): [string, string][] {
  return (tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]);
}

function tagList(role: Role): Tag[] {
  return [...role.tags].map(([Key, Value]) => ({ Key, Value }));
}

function shape(role: Role): RoleShape {
  return {
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: role.arn,
    Path: role.path,
    CreateDate: role.createDate,
    Description: role.description ?? '',
    MaxSessionDuration: role.maxSessionDuration,
    // "The policy document is URL-encoded" (GetRole in the IAM API reference).
    AssumeRolePolicyDocument: encodeURIComponent(role.trustText),
    ...(role.tags.size > 0 ? { Tags: tagList(role) } : {}),
    ...(role.permissionsBoundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
            PermissionsBoundaryArn: role.permissionsBoundary,
          },
        }),
  };
}
