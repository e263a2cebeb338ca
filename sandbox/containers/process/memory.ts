import { readdirSync, readFileSync } from 'node:fs';
import type { Clock, Timer } from '#sandbox/core/clock.ts';

const pageSize = 4096;

/** Resident bytes by process group, from /proc; undefined where there is no /proc (macOS). */
function residentBytes(): Map<number, number> | undefined {
  const bytes = new Map<number, number>();
  try {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      try {
        // pid (comm) state ppid pgrp … : comm may hold spaces, so count from the last parenthesis.
        const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const group = Number(fields[2]);
        bytes.set(group, (bytes.get(group) ?? 0) + Number(fields[21]) * pageSize);
      } catch {
        // Gone between the listing and the reading.
      }
    }
  } catch {
    return undefined;
  }
  return bytes;
}

export interface MemoryMonitor {
  limit(group: number, bytes: number, onExceeded: () => void): void;
  forget(group: number): void;
}

/** Stands for the memory cgroup: a container that grows over its hard limit is killed. */
export function createMemoryMonitor(clock: Clock, intervalMilliseconds = 500): MemoryMonitor {
  const limits = new Map<number, { bytes: number; onExceeded: () => void }>();
  let timer: Timer;
  const look = () => {
    timer = undefined;
    const resident = residentBytes();
    for (const [group, limit] of limits) {
      if ((resident?.get(group) ?? 0) > limit.bytes) limit.onExceeded();
    }
    schedule();
  };
  const schedule = () => {
    if (limits.size > 0) timer ??= clock.setTimeout(look, intervalMilliseconds);
  };
  return {
    limit(group, bytes, onExceeded) {
      limits.set(group, { bytes, onExceeded });
      schedule();
    },
    forget(group) {
      limits.delete(group);
      if (limits.size > 0) return;
      clock.clearTimeout(timer);
      timer = undefined;
    },
  };
}
