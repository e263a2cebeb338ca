import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { listen } from '#sandbox/core/ports.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { Fallback } from './front-door.ts';
import type { WireRequest, WireResponse } from './messages.ts';

export interface HttpDoor {
  listen(preferredPort?: number): Promise<number>;
  close(): Promise<void>;
}

/** The front door's one HTTP server. What is no call to an AWS service goes to the fallbacks, body unread. */
export function serveHttp(
  context: SandboxContext,
  handle: (request: WireRequest) => Promise<WireResponse | undefined>,
  fallbacks: Fallback[],
): HttpDoor {
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      context.debug(`front door: ${error instanceof Error ? error.stack : error}`);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (couldBeCall(incoming)) {
      const body = await readBody(incoming);
      const response = await handle(toWireRequest(incoming, body));
      if (response) {
        reply(incoming, outgoing, response);
        return;
      }
      restoreBody(incoming, body);
    }
    for (const fallback of fallbacks) {
      if (await fallback(incoming, outgoing)) return;
    }
    notFound(outgoing);
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

/** Only signed requests and those of the RPC protocols can be calls; everything else keeps its body unread. */
function couldBeCall({ headers, url = '' }: IncomingMessage): boolean {
  return (
    headers.authorization?.startsWith('AWS4-') === true ||
    headers['x-amz-target'] !== undefined ||
    url.includes('X-Amz-Signature=') ||
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  );
}

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

/** Lets a fallback read the body that has been read here, as if it had not. */
function restoreBody(incoming: IncomingMessage, body: Uint8Array): void {
  const again = Readable.from([body]);
  const read = { value: () => again[Symbol.asyncIterator]() };
  Object.defineProperty(incoming, Symbol.asyncIterator, read);
  Object.defineProperty(incoming, 'on', { value: again.on.bind(again) });
  Object.defineProperty(incoming, 'pipe', { value: again.pipe.bind(again) });
}

function reply(incoming: IncomingMessage, outgoing: ServerResponse, response: WireResponse): void {
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

function notFound(outgoing: ServerResponse): void {
  const body = JSON.stringify({
    message:
      'Nothing here: this is no call to an AWS service that this sandbox serves, nor one of its pages.',
  });
  outgoing.writeHead(404, { 'content-type': 'application/json' }).end(body);
}
