import type { PolicyDocument } from './policy-document.ts';

export interface Role {
  roleName: string;
  roleId: string;
  arn: string;
  path: string;
  createDate: Date;
  description?: string;
  maxSessionDuration: number;
  permissionsBoundary?: string;
  /** The trust policy as given, and read. */
  trustText: string;
  trust: PolicyDocument;
  inline: Map<string, StoredPolicy>;
  /** ARNs of managed policies, in the order attached. */
  attached: Set<string>;
  tags: Map<string, string>;
}

export interface StoredPolicy {
  text: string;
  document: PolicyDocument;
}

export interface ManagedPolicy extends StoredPolicy {
  policyName: string;
  policyId: string;
  arn: string;
  path: string;
  createDate: Date;
  description?: string;
}

/** Everything that this account's IAM remembers. */
export interface IamStore {
  /** By name: names are unique in an account whatever the path. */
  roles: Map<string, Role>;
  /** Customer managed policies by ARN. */
  policies: Map<string, ManagedPolicy>;
}

export function createStore(): IamStore {
  return { roles: new Map(), policies: new Map() };
}

/** The role of an ARN of this account, `arn:aws:iam::…:role/path/NAME`. */
export function roleByArn(store: IamStore, roleArn: string): Role | undefined {
  const role = store.roles.get(roleArn.split('/').at(-1) ?? '');
  return role?.arn === roleArn ? role : undefined;
}
