import type { AddPermissionRequest, AddPermissionResponse } from '@aws-sdk/client-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { PolicyStatement } from '../function-store.ts';
import type { LambdaState } from '../state.ts';

export function addPermission({
  store,
}: LambdaState): Operation<AddPermissionRequest, AddPermissionResponse> {
  return (input) => {
    const record = store.get(input.FunctionName ?? '');
    const sid = input.StatementId ?? '';
    if (record.policy.some((statement) => statement.Sid === sid)) {
      const message = `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
      throw new AwsError('ResourceConflictException', message, { httpStatus: 409, fields: { Type: 'User' } });
    }
    const statement: PolicyStatement = {
      Sid: sid,
      Effect: 'Allow',
      Principal: principal(input.Principal ?? ''),
      Action: input.Action ?? '',
      Resource: record.arn,
      ...conditions(input),
    };
    record.policy.push(statement);
    return { Statement: JSON.stringify(statement) };
  };
}

function principal(name: string): PolicyStatement['Principal'] {
  if (name === '*') return '*';
  if (/^\d{12}$/.test(name)) return { AWS: `arn:aws:iam::${name}:root` };
  return name.startsWith('arn:') ? { AWS: name } : { Service: name };
}

function conditions({ SourceArn, SourceAccount }: AddPermissionRequest): Pick<PolicyStatement, 'Condition'> {
  if (SourceArn === undefined && SourceAccount === undefined) return {};
  return {
    Condition: {
      ...(SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
      ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    },
  };
}
