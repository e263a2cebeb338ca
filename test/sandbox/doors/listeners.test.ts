import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

/** Every file of the sandbox that makes a server or a socket, and what becomes of a browser that speaks to it. */
const LISTENERS: Record<string, string> = {
  'sandbox/wire/server.ts': 'asks the guard before anything else looks at a request',
  'sandbox/balancers/engine/listener.ts': 'the application’s own, open to its users’ browsers as on AWS',
  'sandbox/rds/postgres/worker.ts':
    'takes a PostgreSQL startup message or hangs up, and HTTP begins with none',
  'sandbox/xray/daemon.ts': 'UDP: no page decides what its browser puts into a datagram, nor how it begins',
  'sandbox/core/ports.ts': 'is closed before anybody is told the port: it only finds a free one',
};

/** The ways to listen that Node has, and the one library that browsers speak to without it. */
const LISTENS =
  /\b(createServer|createSecureServer|createSocket|WebSocketServer|new (\w+\.)?(Server|Socket))\b/;

it('listens nowhere that is not in this list: a door of its own would let in whoever the guard keeps out', () => {
  const files = readdirSync('sandbox', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('sandbox', file));

  const listening = files.filter((file) => LISTENS.test(readFileSync(file, 'utf8')));

  expect(listening.sort()).toEqual(Object.keys(LISTENERS).sort());
});
