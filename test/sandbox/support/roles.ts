import type { OperationContext } from '#sandbox/core/service.ts';
import type { Iam } from '#sandbox/iam/iam.ts';

const administrator: OperationContext = {
  caller: { accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root', userId: '111122223333' },
  requestId: 'test',
};

interface StatementShape {
  Effect?: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
  Condition?: object;
}

/** Calls one of IAM's operations as the account's administrator, in process. */
async function callIam<Output = unknown>(iam: Iam, operation: string, input: object): Promise<Output> {
  const handler = iam.definition.operations[operation];
  if (!handler) throw new Error(`IAM has no operation ${operation}`);
  return (await handler(input, administrator)) as Output;
}

/** A role with one inline policy of these statements, which Lambda may assume; returns its ARN. */
export async function createRole(
  iam: Iam,
  RoleName: string,
  statements: StatementShape[],
  principal: object = { Service: 'lambda.amazonaws.com' },
): Promise<string> {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal };
  const { Role } = await callIam<{ Role: { Arn: string } }>(iam, 'CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  });
  if (statements.length > 0) {
    const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
    await callIam(iam, 'PutRolePolicy', {
      RoleName,
      PolicyName: 'inline',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
  }
  return Role.Arn;
}
