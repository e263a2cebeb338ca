import type { CreateAuthorizerRequest } from '@aws-sdk/client-apigatewayv2';
import type { Operation } from '#sandbox/core/service.ts';
import { badRequest } from '../api-store.ts';

/** The IAM authorizer is no authorizer resource; JWT and Lambda authorizers are not supported. */
export function createAuthorizer(): Operation<CreateAuthorizerRequest, object> {
  return ({ AuthorizerType }) => {
    throw badRequest(
      `This sandbox does not support authorizers of type ${AuthorizerType}: routes may use AWS_IAM or NONE`,
    );
  };
}
