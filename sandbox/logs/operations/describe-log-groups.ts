import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup as LogGroupShape,
} from '@aws-sdk/client-cloudwatch-logs';
import { invalidParameter } from '../errors.ts';
import { pageByName } from '../page.ts';
import type { LogGroup, LogStore } from '../store.ts';

export function describeLogGroups(store: LogStore) {
  return (input: DescribeLogGroupsRequest): DescribeLogGroupsResponse => {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
    if (prefix && pattern) {
      throw invalidParameter(
        'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      );
    }
    const chosen = [...store.groups.values()]
      .filter((group) => group.name.startsWith(prefix ?? '') && group.name.includes(pattern ?? ''))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const { items, nextToken } = pageByName(chosen, input.nextToken, input.limit);
    return { logGroups: items.map(describe), nextToken };
  };
}

function describe(group: LogGroup): LogGroupShape {
  return {
    logGroupName: group.name,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    creationTime: group.creationTime,
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    storedBytes: 0,
    logGroupClass: 'STANDARD',
  };
}
