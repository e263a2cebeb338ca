import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The state of a socket that listens, in /proc/net/tcp. */
const LISTEN = '0A';

/** The TCP ports that a process listens on, from Linux's own books (proc(5)). */
export function listeningPorts(pid: number): number[] {
  const own = new Set(socketsOf(pid));
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTEN && own.has(inode ?? ''))
    .map(([, address = '']) => Number.parseInt(address.split(':')[1] ?? '', 16));
}

/** Inodes of the sockets that a process holds. */
function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
    } catch {
      // Closed since the folder was read.
      return [];
    }
  });
}
