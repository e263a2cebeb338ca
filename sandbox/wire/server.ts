import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '#sandbox/core/ports.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { ConnectionLost } from './connection-lost.ts';
import { refusalOf } from './guard/refusal.ts';
import type { HttpHandler } from './http-handler.ts';
import type { WireRequest, WireResponse } from './messages.ts';
import { notServed } from './not-served.ts';
import { readSignature } from './sigv4/signature.ts';

export interface HttpDoor {
  listen(preferredPort?: number): Promise<number>;
  close(): Promise<void>;
}

export interface HttpDoorNeeds {
  handle(request: WireRequest): Promise<WireResponse | undefined>;
  /** Whether a service of this signing name is served here. */
  serves(signingName: string): boolean;
  /** A refusal of a call, in the form of the service that it is for. */
  forbidden(call: WireRequest, message: string): WireResponse;
  handlers: HttpHandler[];
  allowedHosts: ReadonlySet<string>;
}

/**
 * The front door's one HTTP server. Nothing is done for a request that the guard refuses. What is no call to an AWS
 * service goes to the handlers, its body unread.
 */
export function serveHttp(context: SandboxContext, needs: HttpDoorNeeds): HttpDoor {
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      if (error instanceof ConnectionLost) {
        outgoing.destroy();
        return;
      }
      context.debug(`front door: ${error instanceof Error ? error.stack : error}`);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = toWireRequest(incoming, new Uint8Array());
    const call = isCall(request, needs.serves);
    const handler = call ? undefined : needs.handlers.find(({ takes }) => takes(request));
    const refusal = refusalOf(incoming, needs.allowedHosts);
    if (refusal !== undefined) {
      context.debug(`front door: ${request.method} ${request.path}: ${refusal}`);
      reply(incoming, outgoing, handler?.forbidden(refusal) ?? needs.forbidden(request, refusal));
    } else if (handler !== undefined) {
      await handler.handle(incoming, outgoing);
    } else {
      const response = call ? await needs.handle({ ...request, body: await readBody(incoming) }) : undefined;
      reply(incoming, outgoing, response ?? notServed(request));
    }
  };

  return {
    listen: (preferredPort = 0) => listen(server, preferredPort),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Calls are what is signed for a service here, or looks like one that somebody forgot to sign. */
function isCall(request: WireRequest, serves: (signingName: string) => boolean): boolean {
  const signature = readSignature(request);
  if (typeof signature === 'object') return serves(signature.signingName);
  const { headers, path, method } = request;
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return headers['x-amz-target'] !== undefined || (method === 'POST' && path === '/' && form);
}

/** A request of Node's in the form that `handle` and `verifySignature` take; the body is for the caller to read. */
export function toWireRequest(incoming: IncomingMessage, body: Uint8Array): WireRequest {
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: query.join('?'),
    headers: Object.fromEntries(headers),
    body,
  };
}

export async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** Sends an answer, whatever asked for it. */
export function reply(incoming: IncomingMessage, outgoing: ServerResponse, response: WireResponse): void {
  // An answer to HEAD tells the length of the body that it does not have.
  const length = response.headers['content-length'] ?? String(response.body.length);
  const bodiless = response.statusCode === 204 || response.statusCode === 304;
  outgoing.writeHead(response.statusCode, {
    ...response.headers,
    ...(bodiless ? {} : { 'content-length': length }),
  });
  if (incoming.method === 'HEAD' || bodiless) outgoing.end();
  else outgoing.end(response.body);
}
