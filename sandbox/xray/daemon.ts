import { createSocket } from 'node:dgram';

/** The X-Ray daemon of one execution environment. */
export interface Daemon {
  /** What AWS_XRAY_DAEMON_ADDRESS says. */
  address: string;
  close(): void;
}

const LOOPBACK = '127.0.0.1';

/**
 * Listens on a free UDP port of this machine for segments: a line that says the format, and the document. The lookup of
 * an address that needs none answers at once, so that the port is known when this function returns.
 */
export function openDaemon(receive: (document: string) => void): Daemon {
  const socket = createSocket({
    type: 'udp4',
    lookup: (hostname, family, done) => done(null, hostname, Number(family)),
  });
  socket.on('message', (message) => {
    const [header = '', ...document] = message.toString('utf8').split('\n');
    if (header.replaceAll(' ', '') === '{"format":"json","version":1}') receive(document.join('\n'));
  });
  // What is lost on the way is lost, as with any daemon: tracing must not fail what is traced.
  socket.on('error', () => {});
  socket.bind({ address: LOOPBACK, port: 0, exclusive: true });
  socket.unref();
  return { address: `${LOOPBACK}:${socket.address().port}`, close: () => socket.close() };
}
