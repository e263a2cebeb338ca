import type { AuthorizationRequest, Caller, SandboxContext } from '#sandbox/core/service.ts';
import { awsManagedPolicy } from './aws-managed-policies.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import type { ConditionKeys } from './patterns.ts';
import type { PolicyDocument } from './policy-document.ts';
import type { IamStore, Role } from './store.ts';

/**
 * Why the caller may not do what is asked, in AWS's own sentence; undefined where it may. The account's
 * administrator may do everything; a role session only what its role's policies, and its boundary, allow.
 */
export function denial(
  context: Pick<SandboxContext, 'clock' | 'region'>,
  store: IamStore,
  caller: Caller,
  request: AuthorizationRequest,
): string | undefined {
  if (caller.roleName === undefined) return undefined;
  const role = store.roles.get(caller.roleName);
  const keys = requestKeys(context, caller, role, request);
  for (const resource of request.resources) {
    const question = { action: request.action, resource, keys };
    const verdict = role ? evaluate(policiesOf(store, role), question) : 'implicitDeny';
    if (verdict !== 'allowed')
      return sentence(caller, request.action, resource, verdict, 'identity-based policy');
    const boundary = role?.permissionsBoundary;
    if (boundary === undefined) continue;
    const limit = evaluate(managedDocuments(store, [boundary]), question);
    if (limit !== 'allowed') return sentence(caller, request.action, resource, limit, 'permissions boundary');
  }
  return undefined;
}

/** "Troubleshoot access denied error messages" in the IAM User Guide. */
function sentence(caller: Caller, action: string, resource: string, verdict: Verdict, kind: string): string {
  const article = kind.startsWith('i') ? 'an' : 'a';
  const reason =
    verdict === 'explicitDeny'
      ? `with an explicit deny in ${article} ${kind}`
      : `because no ${kind} allows the ${action} action`;
  return `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}

function policiesOf(store: IamStore, role: Role): PolicyDocument[] {
  const inline = [...role.inline.values()].map(({ document }) => document);
  return [...inline, ...managedDocuments(store, role.attached)];
}

function managedDocuments(store: IamStore, arns: Iterable<string>): PolicyDocument[] {
  return [...arns].flatMap((arn) => (store.policies.get(arn) ?? awsManagedPolicy(arn))?.document ?? []);
}

/** The condition keys that every request has, and those that the service says of this one. */
function requestKeys(
  context: Pick<SandboxContext, 'clock' | 'region'>,
  caller: Caller,
  role: Role | undefined,
  request: AuthorizationRequest,
): ConditionKeys {
  const now = context.clock.now();
  const own = Object.entries(request.conditions ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const tags = [...(role?.tags ?? [])].map(([key, value]) => [
    `aws:principaltag/${key.toLowerCase()}`,
    value,
  ]);
  return {
    // For a role session, aws:PrincipalArn is the role's ARN (global condition context keys).
    'aws:principalarn': role?.arn ?? caller.arn,
    'aws:principalaccount': caller.accountId,
    'aws:principaltype': 'AssumedRole',
    'aws:userid': caller.userId,
    'aws:requestedregion': context.region,
    'aws:securetransport': 'false',
    'aws:sourceip': '127.0.0.1',
    'aws:currenttime': new Date(now).toISOString(),
    'aws:epochtime': String(Math.floor(now / 1000)),
    'aws:multifactorauthpresent': 'false',
    ...Object.fromEntries(tags),
    ...Object.fromEntries(own),
  };
}
