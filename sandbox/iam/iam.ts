import * as sdk from '@aws-sdk/client-iam';
import { AwsError } from '#sandbox/core/errors.ts';
import type {
  AuthorizationRequest,
  Caller,
  SandboxContext,
  ServiceDefinition,
} from '#sandbox/core/service.ts';
import { authorizeIam } from './authorize.ts';
import { denial } from './decide.ts';
import { trusts } from './evaluate.ts';
import { policyOperations } from './operations/managed-policies.ts';
import { rolePolicyOperations } from './operations/role-policies.ts';
import { roleOperations } from './operations/roles.ts';
import { type Credentials, createSessions, type Identity, sessionOf } from './sessions.ts';
import { createStore, type IamStore, type Role, roleByArn } from './store.ts';

export type { Credentials, Identity } from './sessions.ts';

export interface Iam {
  definition: ServiceDefinition;
  /** Credentials of a session of a role, as a service gets them that assumes the role for its customer. */
  issueCredentials(roleArn: string, sessionName: string, seconds?: number): Credentials & { caller: Caller };
  /**
   * Fails with AccessDeniedException where a service that acts as this role may not do what is asked, or,
   * with `principal` (states.amazonaws.com), where the role does not trust that service.
   */
  authorizeRole(roleArn: string, requests: AuthorizationRequest[], principal?: string): void;
  roleExists(roleArn: string): boolean;
  /** The role itself, for STS. */
  role(roleArn: string): Role | undefined;
  /** What an access key stands for; undefined for a key that was never issued. */
  identify(accessKeyId: string): Identity | undefined;
  /** Why the caller may not do what is asked; undefined where it may. */
  denial(caller: Caller, request: AuthorizationRequest): string | undefined;
}

/** IAM: roles, their policies, and the decisions that follow from them. Users, groups and keys are not here. */
export function createIam(context: SandboxContext): Iam {
  const store: IamStore = createStore();
  const sessions = createSessions(context, store);
  const decide = (caller: Caller, request: AuthorizationRequest) => denial(context, store, caller, request);

  return {
    definition: {
      signingName: 'iam',
      sdk,
      operations: {
        ...roleOperations(context, store),
        ...rolePolicyOperations(store),
        ...policyOperations(context, store),
      },
      authorize: authorizeIam(context, store),
    },
    issueCredentials: sessions.issue,
    identify: sessions.identify,
    denial: decide,
    role: (roleArn) => roleByArn(store, roleArn),
    roleExists: (roleArn) => roleByArn(store, roleArn) !== undefined,
    authorizeRole(roleArn, requests, principal) {
      const role = roleByArn(store, roleArn);
      if (!role || (principal !== undefined && !trustsService(role, principal, context))) {
        throw denied(`The role ${roleArn} cannot be assumed by ${principal ?? 'the service'}.`);
      }
      const caller = sessionOf(context, role, principal?.split('.')[0] ?? 'service');
      for (const request of requests) {
        const reason = decide(caller, request);
        if (reason !== undefined) throw denied(reason);
      }
    },
  };
}

/** A role may trust a service by its global or its regional principal: states.amazonaws.com, states.us-east-1.amazonaws.com. */
function trustsService(role: Role, global: string, { accountId, region }: SandboxContext): boolean {
  const regional = global.replace('.amazonaws.com', `.${region}.amazonaws.com`);
  return [global, regional].some((name) => trusts(role.trust, { type: 'Service', name, accountId }));
}

function denied(message: string): AwsError {
  return new AwsError('AccessDeniedException', message);
}
