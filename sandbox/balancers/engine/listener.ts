import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Endpoint, HostNetwork } from '#sandbox/core/network.ts';
import { answerAsGateway } from './answers.ts';
import { type ExchangeContext, exchange, refuseUpgrade, upgrade } from './exchange.ts';
import type { Member } from './member.ts';
import type { Pool } from './pool.ts';

/** What a listener does with one request. */
export type Route =
  | { kind: 'forward'; pool: Pool | undefined }
  | { kind: 'fixed'; statusCode: number; contentType: string; body: string };

export interface ListenerOptions extends ExchangeContext {
  network: HostNetwork;
  protocol: 'HTTP' | 'TCP';
  /** Classic listeners name the port of the instance; else it is the target's own. */
  instancePort?: number;
  route(request?: IncomingMessage): Route;
}

/** A bound port of a load balancer. */
export interface Listener {
  close(): Promise<void>;
}

/** Binds the listener's declared port on loopback; a port that cannot be had is an error, never another port. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const server = options.protocol === 'TCP' ? tcpServer(options) : httpServer(options);
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await bind(server, options.listenerPort);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'another process or load balancer listens there'
          : error.code === 'EACCES'
            ? 'this user may not bind ports below 1024'
            : error.message;
      reject(
        new AwsError(
          'InvalidConfigurationRequest',
          `Listener port ${port} cannot be bound on 127.0.0.1: ${why}; declare a listener on a free port.`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function chosen(
  pool: Pool | undefined,
  options: ListenerOptions,
): { member: Member; endpoint: Endpoint | undefined } | undefined {
  const member = pool?.pick();
  if (!member) return undefined;
  const port = options.instancePort ?? member.target.port;
  return { member, endpoint: options.network.resolve(member.target.id, port) };
}

function httpServer(options: ListenerOptions): Server {
  const server = createHttpServer((request, response) => {
    // The client may go away at any time; what that means is decided on 'close'.
    response.on('error', () => {});
    const route = options.route(request);
    if (route.kind === 'fixed') {
      response.writeHead(route.statusCode, { server: 'awselb/2.0', 'content-type': route.contentType });
      response.end(route.body);
      return;
    }
    const target = chosen(route.pool, options);
    if (!target) answerAsGateway(response, options.generation, 503);
    else if (!target.endpoint) answerAsGateway(response, options.generation, 502);
    else exchange(request, response, target.member, target.endpoint, options);
  });
  server.keepAliveTimeout = options.idleTimeoutSeconds() * 1000;
  server.requestTimeout = 0;
  // A Classic Load Balancer passes no upgrades on its HTTP listeners: node then treats them as plain requests.
  if (options.generation === 'application') {
    server.on('upgrade', (request, socket, head) => {
      const route = options.route(request);
      const target = route.kind === 'forward' ? chosen(route.pool, options) : undefined;
      if (!target) refuseUpgrade(socket, options.generation, 503);
      else if (!target.endpoint) refuseUpgrade(socket, options.generation, 502);
      else upgrade(request, socket, head, target.member, target.endpoint, options);
    });
  }
  return server;
}

/** Classic TCP listeners: a connection is joined with one target's for as long as it lasts. */
function tcpServer(options: ListenerOptions): Server {
  return createTcpServer((client) => {
    const route = options.route();
    const target = route.kind === 'forward' ? chosen(route.pool, options) : undefined;
    if (!target?.endpoint) {
      client.destroy();
      return;
    }
    const backend = connect(target.endpoint.port, target.endpoint.host);
    const cut = () => {
      client.destroy();
      backend.destroy();
    };
    const done = target.member.begin({ cut });
    client.on('error', cut);
    backend.on('error', cut);
    backend.on('close', () => client.end());
    client.on('close', () => {
      backend.destroy();
      done();
    });
    client.pipe(backend);
    backend.pipe(client);
  });
}
