import { errorResponse, message } from './frames.ts';

const protocolVersion3 = 196_608;
const cancelRequest = 80_877_102;
const sslRequest = 80_877_103;
const gssRequest = 80_877_104;
/** PostgreSQL's own limit, MAX_STARTUP_PACKET_LENGTH. The first letters of a browser's request are a far larger number. */
const longest = 10_000;

/** Who may connect to what, and what the server says of itself. */
export interface ServerIdentity {
  username: string;
  password: string;
  database: string;
  parameters: Record<string, string>;
}

export type StartupRequest =
  | { kind: 'encryption' }
  | { kind: 'cancel' }
  | { kind: 'unknown' }
  | { kind: 'startup'; user: string; database: string };

/** The first, untyped message of a connection; undefined until it is there whole. */
export function takeStartup(buffer: Buffer): { request: StartupRequest; rest: Buffer } | undefined {
  if (buffer.length < 8) return undefined;
  const length = buffer.readInt32BE(0);
  if (length < 8 || length > longest) return { request: { kind: 'unknown' }, rest: Buffer.alloc(0) };
  if (buffer.length < length) return undefined;
  return { request: parse(buffer.subarray(4, length)), rest: buffer.subarray(length) };
}

function parse(body: Buffer): StartupRequest {
  const code = body.readInt32BE(0);
  if (code === sslRequest || code === gssRequest) return { kind: 'encryption' };
  if (code === cancelRequest) return { kind: 'cancel' };
  if (code >> 16 !== protocolVersion3 >> 16) return { kind: 'unknown' };
  const fields = body.subarray(4).toString('utf8').split('\0');
  const named = new Map<string, string>();
  for (let index = 0; fields[index]; index += 2) named.set(fields[index] ?? '', fields[index + 1] ?? '');
  const user = named.get('user') ?? '';
  return { kind: 'startup', user, database: named.get('database') ?? user };
}

/** AuthenticationCleartextPassword: the connection never leaves the loopback. */
export const askForPassword = message('R', 3);

/** Why this client may not in, in PostgreSQL's own words; undefined when it may. */
export function refusal(
  identity: ServerIdentity,
  request: { user: string; database: string },
  password: string,
): Uint8Array | undefined {
  if (request.user !== identity.username || password !== identity.password) {
    return errorResponse('FATAL', '28P01', `password authentication failed for user "${request.user}"`);
  }
  if (request.database !== identity.database) {
    return errorResponse('FATAL', '3D000', `database "${request.database}" does not exist`);
  }
  return undefined;
}

/** AuthenticationOk, the server's parameters, a key nobody can cancel with, ReadyForQuery. */
export function welcome(identity: ServerIdentity, connectionId: number): Uint8Array {
  return Buffer.concat([
    message('R', 0),
    ...Object.entries(identity.parameters).map(([name, value]) => message('S', name, value)),
    message('K', connectionId, 0),
    message('Z', Uint8Array.of(0x49)),
  ]);
}
