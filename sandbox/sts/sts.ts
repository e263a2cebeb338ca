import * as sdk from '@aws-sdk/client-sts';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import type { Iam } from '#sandbox/iam/iam.ts';
import { assumeRole } from './operations/assume-role.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';

/** STS: who am I, and may I be somebody else. */
export function createSts(
  context: SandboxContext,
  needs: { iam: Pick<Iam, 'role' | 'issueCredentials'> },
): { definition: ServiceDefinition } {
  return {
    definition: {
      signingName: 'sts',
      sdk,
      operations: { AssumeRole: assumeRole(context, needs.iam), GetCallerIdentity: getCallerIdentity },
      authorize(operation, input) {
        // "No permissions are required to perform this operation" (GetCallerIdentity in the STS API reference).
        if (operation === 'GetCallerIdentity') return [];
        return [{ action: `sts:${operation}`, resources: [String(input.RoleArn ?? '*')] }];
      },
    },
  };
}
