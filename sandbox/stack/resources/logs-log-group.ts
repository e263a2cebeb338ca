import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { ResourceType } from './resource-type.ts';
import { integer } from './shape.ts';

/** AWS::Logs::LogGroup. */
export const logsLogGroup: ResourceType = {
  properties: ['LogGroupName', 'RetentionInDays'],
  recorded: ['KmsKeyId', 'Tags', 'LogGroupClass', 'DeletionProtectionEnabled'],
  async create({ properties, services, generatedName, context }) {
    const logGroupName = String(properties.LogGroupName ?? generatedName(512));
    await services.call('logs', 'CreateLogGroup', { logGroupName });
    const retentionInDays = integer(properties.RetentionInDays);
    if (retentionInDays !== undefined) {
      await services.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
    }
    return {
      physicalId: logGroupName,
      attributes: { Arn: arn(context, 'logs', `log-group:${logGroupName}:*`) },
      remove: () => services.call('logs', 'DeleteLogGroup', { logGroupName }).catch(unlessGone),
    };
  },
};

function unlessGone(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
}
