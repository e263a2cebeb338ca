import { createServer, type Server } from 'node:net';

/** How many ports after the preferred one are tried before any free one is taken. */
const NEIGHBOURS = 20;

/** Listens on loopback only: on `preferred`, or on the next free port where that one is taken (0 = any). */
export async function listen(server: Server, preferred = 0): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException) => reject(error);
      server.once('error', onError);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', onError);
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  if (preferred === 0) return await attempt(0);
  const last = Math.min(preferred + NEIGHBOURS, 65_535);
  for (let port = preferred; port <= last; port += 1) {
    try {
      return await attempt(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  return await attempt(0);
}

/** A loopback port that was free a moment ago, for a process that can only be told a number. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
