import type {
  CreateLogGroupRequest,
  CreateLogStreamRequest,
  DeleteLogGroupRequest,
  DeleteLogStreamRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { notSupported } from '#sandbox/core/errors.ts';
import { invalidParameter } from '../errors.ts';
import type { LogStore } from '../store.ts';

export function createLogGroup(store: LogStore) {
  return (input: CreateLogGroupRequest): Record<string, never> => {
    const name = input.logGroupName ?? '';
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
      );
    }
    if (input.logGroupClass && input.logGroupClass !== 'STANDARD') {
      throw notSupported(`log groups of class '${input.logGroupClass}'`);
    }
    const group = store.createGroup(name);
    for (const [key, value] of Object.entries(input.tags ?? {})) group.tags.set(key, value);
    return {};
  };
}

export function deleteLogGroup(store: LogStore) {
  return (input: DeleteLogGroupRequest): Record<string, never> => {
    store.groups.delete(store.findGroup(input.logGroupName).name);
    return {};
  };
}

export function createLogStream(store: LogStore) {
  return (input: CreateLogStreamRequest): Record<string, never> => {
    const name = input.logStreamName ?? '';
    if (!/^[^:*]{1,512}$/.test(name)) {
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
      );
    }
    store.createStream(store.findGroup(input.logGroupName), name);
    return {};
  };
}

export function deleteLogStream(store: LogStore) {
  return (input: DeleteLogStreamRequest): Record<string, never> => {
    const group = store.findGroup(input.logGroupName);
    group.streams.delete(store.findStream(group, input.logStreamName).name);
    return {};
  };
}
