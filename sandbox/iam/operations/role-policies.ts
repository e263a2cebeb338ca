import type {
  AttachRolePolicyRequest,
  DeleteRolePolicyRequest,
  DetachRolePolicyRequest,
  GetRolePolicyRequest,
  ListAttachedRolePoliciesRequest,
  ListRolePoliciesRequest,
  PutRolePolicyRequest,
} from '@aws-sdk/client-iam';
import type { Operation } from '#sandbox/core/service.ts';
import { awsManagedPolicy } from '../aws-managed-policies.ts';
import { noSuchEntity, roleNamed } from '../errors.ts';
import { parsePolicy } from '../policy.ts';
import type { IamStore } from '../store.ts';

/** The policies of a role: inline ones, and managed ones attached to it. */
export function rolePolicyOperations(store: IamStore): Record<string, Operation> {
  const operations = {
    PutRolePolicy({ RoleName = '', PolicyName = '', PolicyDocument = '' }: PutRolePolicyRequest) {
      const role = roleNamed(store, RoleName);
      role.inline.set(PolicyName, {
        text: PolicyDocument,
        document: parsePolicy(PolicyDocument, 'identity'),
      });
    },
    GetRolePolicy({ RoleName = '', PolicyName = '' }: GetRolePolicyRequest) {
      const policy = roleNamed(store, RoleName).inline.get(PolicyName);
      if (!policy) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(policy.text) };
    },
    ListRolePolicies: ({ RoleName = '' }: ListRolePoliciesRequest) => ({
      PolicyNames: [...roleNamed(store, RoleName).inline.keys()],
      IsTruncated: false,
    }),
    DeleteRolePolicy({ RoleName = '', PolicyName = '' }: DeleteRolePolicyRequest) {
      if (!roleNamed(store, RoleName).inline.delete(PolicyName)) {
        throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
      }
    },
    AttachRolePolicy({ RoleName = '', PolicyArn = '' }: AttachRolePolicyRequest) {
      const role = roleNamed(store, RoleName);
      if (!store.policies.has(PolicyArn) && !awsManagedPolicy(PolicyArn)) {
        throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`);
      }
      role.attached.add(PolicyArn);
    },
    DetachRolePolicy({ RoleName = '', PolicyArn = '' }: DetachRolePolicyRequest) {
      if (!roleNamed(store, RoleName).attached.delete(PolicyArn)) {
        throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
      }
    },
    ListAttachedRolePolicies: ({ RoleName = '' }: ListAttachedRolePoliciesRequest) => ({
      AttachedPolicies: [...roleNamed(store, RoleName).attached].map((PolicyArn) => ({
        PolicyArn,
        PolicyName: PolicyArn.split('/').at(-1),
      })),
      IsTruncated: false,
    }),
  };
  return operations;
}
