import { AwsError } from '#sandbox/core/errors.ts';
import { asList } from './as-list.ts';
import { isConditionOperator } from './conditions.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';

/** What a policy is attached to: an identity's names resources, a trust policy principals. */
export type PolicyKind = 'identity' | 'trust';

/** Reads a policy document's JSON and refuses what IAM would refuse. */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const document = parseObject(text);
  if (document.Version !== undefined && !['2012-10-17', '2008-10-17'].includes(String(document.Version))) {
    throw malformed('The policy must contain a valid version string');
  }
  const statements = asList(document.Statement).map((statement) => checkStatement(statement, kind));
  return { ...document, Statement: statements } as PolicyDocument;
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('Syntax errors in policy.');
  }
  return value as Record<string, unknown>;
}

function checkStatement(value: unknown, kind: PolicyKind): Statement {
  const statement = value as Partial<Statement> | null;
  if (typeof statement !== 'object' || statement === null) throw malformed('Syntax errors in policy.');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformed('Syntax errors in policy. Effect must be Allow or Deny.');
  }
  if ((statement.Action === undefined) === (statement.NotAction === undefined)) {
    throw malformed('Policy statement must contain actions.');
  }
  for (const action of [...asList(statement.Action), ...asList(statement.NotAction)]) {
    if (action !== '*' && !/^[\w*?-]+:[\w*?-]+$/.test(String(action))) {
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    }
  }
  for (const operator of Object.keys(statement.Condition ?? {})) {
    if (!isConditionOperator(operator)) throw malformed(`Invalid Condition type : ${operator}.`);
  }
  if ('NotPrincipal' in statement) throw malformed('NotPrincipal is not supported by this sandbox.');
  const namesResources = statement.Resource !== undefined || statement.NotResource !== undefined;
  const namesPrincipals = 'Principal' in statement;
  if (kind === 'identity' && namesPrincipals)
    throw malformed('Policy document should not specify a principal.');
  if (kind === 'identity' && !namesResources) throw malformed('Policy statement must contain resources.');
  if (kind === 'trust' && namesResources) throw malformed('Has prohibited field Resource');
  if (kind === 'trust' && !namesPrincipals) throw malformed('Missing required field Principal');
  return statement as Statement;
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, { httpStatus: 400 });
}
