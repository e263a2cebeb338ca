import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientOf } from './sdk/clients.ts';
import { hasName } from './sdk/faults.ts';

export interface Prerequisites {
  roleExists(role: string): Promise<boolean>;
  /** A secret's or parameter's existence, never its value. */
  secretExists(valueFrom: string): Promise<boolean>;
}

export function createPrerequisites(
  iam = clientOf(IAMClient),
  secretsManager = clientOf(SecretsManagerClient),
  ssm = clientOf(SSMClient),
): Prerequisites {
  return {
    async roleExists(role) {
      const RoleName = role.split('/').at(-1) ?? role;
      return exists(iam.send(new GetRoleCommand({ RoleName })), 'NoSuchEntity', 'NoSuchEntityException');
    },

    async secretExists(valueFrom) {
      if (valueFrom.includes(':secretsmanager:')) {
        // arn:aws:secretsmanager:region:account:secret:name, then perhaps :json-key:version-stage:version-id
        const SecretId = valueFrom.split(':').slice(0, 7).join(':');
        return exists(
          secretsManager.send(new DescribeSecretCommand({ SecretId })),
          'ResourceNotFoundException',
        );
      }
      // DescribeParameters shows no value. `arn:…:parameter/name` stands for `name` and for `/name`.
      const name = valueFrom.split(':parameter/').at(-1) ?? valueFrom;
      const Values = [...new Set([name, `/${name.replace(/^\//, '')}`])];
      const { Parameters } = await ssm.send(
        new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }] }),
      );
      return (Parameters ?? []).length > 0;
    },
  };
}

async function exists(question: Promise<unknown>, ...absent: string[]): Promise<boolean> {
  try {
    await question;
    return true;
  } catch (error) {
    if (hasName(error, ...absent)) return false;
    throw error;
  }
}
