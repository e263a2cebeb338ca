import { arn } from '#sandbox/core/arn.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { resourceAlreadyExists, resourceNotFound } from './errors.ts';

/** One event. `key` orders events by time, then by arrival, and is the event id that the API shows. */
export interface LogEvent {
  key: string;
  timestamp: number;
  ingestionTime: number;
  message: string;
}

export interface LogStream {
  name: string;
  arn: string;
  creationTime: number;
  lastIngestionTime?: number;
  /** In order of their keys. */
  events: LogEvent[];
}

export interface LogGroup {
  name: string;
  arn: string;
  creationTime: number;
  retentionInDays?: number;
  streams: Map<string, LogStream>;
  tags: Map<string, string>;
}

export interface LogStore {
  groups: Map<string, LogGroup>;
  createGroup(name: string): LogGroup;
  createStream(group: LogGroup, name: string): LogStream;
  findGroup(nameOrArn: string | undefined): LogGroup;
  findStream(group: LogGroup, name: string | undefined): LogStream;
  append(group: LogGroup, stream: LogStream, message: string, timestamp: number): void;
  /** The events that the group's retention has not expired. */
  visible(group: LogGroup, stream: LogStream): LogEvent[];
}

/**
 * Log groups in memory. Once the messages take more than `maximumBytes`, the events that were written first
 * are given up, whatever stream they are in.
 */
export function createLogStore(context: SandboxContext, maximumBytes: number): LogStore {
  const groups = new Map<string, LogGroup>();
  let arrivals: LogStream[] = [];
  let forgotten = 0;
  let sequence = 0;
  let bytes = 0;

  const forgetOldest = () => {
    while (bytes > maximumBytes && forgotten < arrivals.length) {
      const event = arrivals[forgotten]?.events.shift();
      bytes -= event ? sizeOf(event.message) : 0;
      forgotten += 1;
    }
    if (forgotten > 10_000) {
      arrivals = arrivals.slice(forgotten);
      forgotten = 0;
    }
  };

  return {
    groups,

    createGroup(name) {
      if (groups.has(name)) throw resourceAlreadyExists('log group');
      const group: LogGroup = {
        name,
        arn: arn(context, 'logs', `log-group:${name}`),
        creationTime: context.clock.now(),
        streams: new Map(),
        tags: new Map(),
      };
      groups.set(name, group);
      return group;
    },

    createStream(group, name) {
      if (group.streams.has(name)) throw resourceAlreadyExists('log stream');
      const stream: LogStream = {
        name,
        arn: `${group.arn}:log-stream:${name}`,
        creationTime: context.clock.now(),
        events: [],
      };
      group.streams.set(name, stream);
      return stream;
    },

    findGroup(nameOrArn) {
      const name = nameOrArn?.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
      const group = groups.get(name ?? '');
      if (!group) throw resourceNotFound('log group');
      return group;
    },

    findStream(group, name) {
      const stream = group.streams.get(name ?? '');
      if (!stream) throw resourceNotFound('log stream');
      return stream;
    },

    append(_group, stream, message, timestamp) {
      sequence += 1;
      const ingestionTime = context.clock.now();
      const event = { key: keyOf(timestamp, sequence), timestamp, ingestionTime, message };
      let position = stream.events.length;
      while (position > 0 && stream.events[position - 1]!.key > event.key) position -= 1;
      stream.events.splice(position, 0, event);
      stream.lastIngestionTime = ingestionTime;
      arrivals.push(stream);
      bytes += sizeOf(message);
      forgetOldest();
    },

    visible(group, stream) {
      if (!group.retentionInDays) return stream.events;
      const oldest = context.clock.now() - group.retentionInDays * 24 * 3600 * 1000;
      return stream.events.filter((event) => event.timestamp >= oldest);
    },
  };
}

/** 56 digits, as CloudWatch Logs writes event ids and tokens; text order is time order. */
function keyOf(timestamp: number, sequence: number): string {
  return String(timestamp).padStart(20, '0') + String(sequence).padStart(36, '0');
}

/** As PutLogEvents counts: the text in UTF-8, plus 26 bytes for each event. */
export function sizeOf(message: string): number {
  return Buffer.byteLength(message) + 26;
}
