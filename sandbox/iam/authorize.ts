import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import type { IamStore } from './store.ts';

/** IAM's own permissions: on the role or policy that the input names (Service Authorization Reference: IAM). */
export function authorizeIam(
  { accountId }: Pick<SandboxContext, 'accountId'>,
  store: IamStore,
): ServiceDefinition['authorize'] {
  return (operation, input) => {
    const path = typeof input.Path === 'string' ? input.Path : '/';
    const resource =
      typeof input.RoleName === 'string'
        ? (store.roles.get(input.RoleName)?.arn ?? `arn:aws:iam::${accountId}:role${path}${input.RoleName}`)
        : typeof input.PolicyArn === 'string'
          ? input.PolicyArn
          : typeof input.PolicyName === 'string'
            ? `arn:aws:iam::${accountId}:policy${path}${input.PolicyName}`
            : '*';
    const conditions =
      typeof input.PolicyArn === 'string' && typeof input.RoleName === 'string'
        ? { 'iam:policyarn': input.PolicyArn }
        : undefined;
    return [{ action: `iam:${operation}`, resources: [resource], ...(conditions ? { conditions } : {}) }];
  };
}
