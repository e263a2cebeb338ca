import type {
  CreatePolicyRequest,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyVersionRequest,
  ListPoliciesRequest,
  Policy,
} from '@aws-sdk/client-iam';
import type { Operation, SandboxContext } from '#sandbox/core/service.ts';
import { alreadyExists, deleteConflict, noSuchEntity } from '../errors.ts';
import { parsePolicy } from '../policy.ts';
import { uniqueId } from '../sessions.ts';
import type { IamStore, ManagedPolicy } from '../store.ts';

/** Customer managed policies, each with the one version it was created with. */
export function policyOperations(context: SandboxContext, store: IamStore): Record<string, Operation> {
  const named = (arn = '') => {
    const policy = store.policies.get(arn);
    if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
    return policy;
  };
  const attachments = (arn: string) =>
    [...store.roles.values()].filter(({ attached }) => attached.has(arn)).length;
  const shape = (policy: ManagedPolicy): Policy => ({
    PolicyName: policy.policyName,
    PolicyId: policy.policyId,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    AttachmentCount: attachments(policy.arn),
    IsAttachable: true,
    CreateDate: policy.createDate,
    UpdateDate: policy.createDate,
    Description: policy.description,
  });
  const operations = {
    CreatePolicy({ PolicyName = '', Path = '/', PolicyDocument = '', Description }: CreatePolicyRequest) {
      const arn = `arn:aws:iam::${context.accountId}:policy${Path}${PolicyName}`;
      if (store.policies.has(arn)) throw alreadyExists(`A policy called ${PolicyName} already exists.`);
      const policy: ManagedPolicy = {
        policyName: PolicyName,
        policyId: `ANPA${uniqueId(context, 17)}`,
        arn,
        path: Path,
        createDate: new Date(context.clock.now()),
        text: PolicyDocument,
        document: parsePolicy(PolicyDocument, 'identity'),
        ...(Description === undefined ? {} : { description: Description }),
      };
      store.policies.set(arn, policy);
      return { Policy: shape(policy) };
    },
    GetPolicy: ({ PolicyArn }: GetPolicyRequest) => ({ Policy: shape(named(PolicyArn)) }),
    GetPolicyVersion({ PolicyArn, VersionId }: GetPolicyVersionRequest) {
      const policy = named(PolicyArn);
      if (VersionId !== 'v1') throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist.`);
      const Document = encodeURIComponent(policy.text);
      return {
        PolicyVersion: { Document, VersionId, IsDefaultVersion: true, CreateDate: policy.createDate },
      };
    },
    ListPolicies: ({ PathPrefix = '/', OnlyAttached = false }: ListPoliciesRequest) => ({
      Policies: [...store.policies.values()]
        .filter(({ path, arn }) => path.startsWith(PathPrefix) && (!OnlyAttached || attachments(arn) > 0))
        .map(shape),
      IsTruncated: false,
    }),
    DeletePolicy({ PolicyArn = '' }: DeletePolicyRequest) {
      named(PolicyArn);
      if (attachments(PolicyArn) > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
      store.policies.delete(PolicyArn);
    },
  };
  return operations;
}
