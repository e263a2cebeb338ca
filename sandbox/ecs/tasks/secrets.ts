import { AwsError } from '#sandbox/core/errors.ts';
import { ecsArn } from '../identifiers.ts';
import type { Ecs, TaskRecord } from '../state.ts';

/** The values of all secrets by `valueFrom`, read with the execution role as the agent reads them. */
export function resolveSecrets(ecs: Ecs, record: TaskRecord): Map<string, string> {
  const values = new Map<string, string>();
  const references = record.containers.flatMap(({ definition }) => definition.secrets ?? []);
  for (const { valueFrom = '' } of references) {
    try {
      authorize(ecs, record, valueFrom);
      values.set(valueFrom, ecs.needs.secrets.resolve(valueFrom));
    } catch (error) {
      throw new AwsError('ResourceInitializationError', failure(valueFrom, error as Error));
    }
  }
  return values;
}

function isSecret(valueFrom: string): boolean {
  return valueFrom.startsWith('arn:') && valueFrom.split(':')[2] === 'secretsmanager';
}

function authorize(ecs: Ecs, record: TaskRecord, valueFrom: string): void {
  const role = record.task.overrides?.executionRoleArn ?? record.definition.executionRoleArn;
  if (role === undefined) return;
  const parameter = valueFrom.startsWith('arn:')
    ? valueFrom
    : ecsArn(ecs, `parameter/${valueFrom.replace(/^\//, '')}`).replace(':ecs:', ':ssm:');
  const request = isSecret(valueFrom)
    ? // Beyond its seventh part the reference names a key and a version, which are no part of the secret's ARN.
      { action: 'secretsmanager:GetSecretValue', resources: [valueFrom.split(':').slice(0, 7).join(':')] }
    : { action: 'ssm:GetParameters', resources: [parameter] };
  ecs.needs.iam.authorizeRole(role, [request], 'ecs-tasks.amazonaws.com');
}

/** As the agent words it (recorded messages of platform version 1.4.0). */
function failure(valueFrom: string, error: Error): string {
  const [store, from] = isSecret(valueFrom) ? ['asm', 'secrets manager'] : ['ssm', 'ssm'];
  return (
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ' +
    `unable to retrieve secret from ${store}: service call has been retried 1 time(s): ` +
    `failed to fetch secret ${valueFrom} from ${from}: ${error.name}: ${error.message}`
  );
}
