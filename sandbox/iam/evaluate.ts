import { asList } from './as-list.ts';
import { conditionsHold } from './conditions.ts';
import { type ConditionKeys, matchesArn, matchesPattern } from './patterns.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';

/** One action on one resource. */
export interface Question {
  action: string;
  resource: string;
  keys: ConditionKeys;
}

export type Verdict = 'allowed' | 'implicitDeny' | 'explicitDeny';

/**
 * IAM's evaluation of identity-based policies: denied unless some statement allows it, and denied whatever
 * allows it once a statement denies it.
 */
export function evaluate(policies: PolicyDocument[], question: Question): Verdict {
  let verdict: Verdict = 'implicitDeny';
  for (const policy of policies) {
    for (const statement of policy.Statement) {
      if (!applies(statement, question)) continue;
      if (statement.Effect === 'Deny') return 'explicitDeny';
      verdict = 'allowed';
    }
  }
  return verdict;
}

function applies(statement: Statement, { action, resource, keys }: Question): boolean {
  return (
    names(statement.Action, statement.NotAction, (pattern) => matchesPattern(pattern, action, 'i')) &&
    names(statement.Resource, statement.NotResource, (pattern) => matchesArn(pattern, resource, keys)) &&
    conditionsHold(statement.Condition, keys)
  );
}

function names(
  wanted: string | string[] | undefined,
  unwanted: string | string[] | undefined,
  matches: (pattern: string) => boolean,
): boolean {
  return unwanted === undefined ? asList(wanted).some(matches) : !asList(unwanted).some(matches);
}

/** Who wants to assume a role. */
export interface Principal {
  type: 'Service' | 'AWS';
  /** `lambda.amazonaws.com`, or the ARN of a user, role session or account root. */
  name: string;
  accountId: string;
}

/** Whether a role's trust policy lets the principal assume the role. */
export function trusts(policy: PolicyDocument, principal: Principal, keys: ConditionKeys = {}): boolean {
  const fitting = policy.Statement.filter(
    (statement) =>
      names(statement.Action, statement.NotAction, (pattern) =>
        matchesPattern(pattern, 'sts:AssumeRole', 'i'),
      ) &&
      isPrincipal(statement.Principal, principal) &&
      conditionsHold(statement.Condition, keys),
  );
  return fitting.length > 0 && fitting.every(({ Effect }) => Effect === 'Allow');
}

function isPrincipal(wanted: Statement['Principal'], { type, name, accountId }: Principal): boolean {
  if (wanted === undefined) return false;
  if (wanted === '*') return true;
  return asList(wanted[type]).some((entry) => {
    if (entry === '*' || entry === name) return true;
    if (type === 'Service') return false;
    // The account, by number or by its root, stands for everyone in it whom IAM allows to assume the role.
    return entry === accountId || entry === `arn:aws:iam::${accountId}:root` || sessionOf(name, entry);
  });
}

/** A role in a trust policy stands for its sessions. */
function sessionOf(sessionArn: string, roleArn: string): boolean {
  const [, accountId, role] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(sessionArn) ?? [];
  const [, roleAccount, path] = /^arn:aws:iam::(\d+):role\/(.+)$/.exec(roleArn) ?? [];
  return role !== undefined && accountId === roleAccount && path?.split('/').at(-1) === role;
}
