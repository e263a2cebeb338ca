import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/types';
import { encoder, type WireRequest, type WireResponse } from './messages.ts';

interface Door {
  handle(request: WireRequest): Promise<WireResponse | undefined>;
}

/**
 * A request handler for SDK clients that calls the front door in this process: no socket, no timer, so that
 * whole deployments run under a virtual clock. `new ECSClient({ requestHandler: inProcessHandler(frontDoor) })`
 */
export function inProcessHandler(door: Door) {
  return {
    async handle(
      request: HttpRequest,
      options: { abortSignal?: unknown } = {},
    ): Promise<{ response: HttpResponse }> {
      throwIfAborted(options.abortSignal);
      const answer = await door.handle(await toWireRequest(request));
      throwIfAborted(options.abortSignal);
      if (!answer) throw new Error(`No service of this sandbox answers ${request.method} ${request.path}`);
      const { statusCode, headers, streaming } = answer;
      const bytes = request.method === 'HEAD' ? new Uint8Array() : answer.body;
      // The SDK takes bytes at once where it reads the body itself, but wants a stream to hand on.
      const body = streaming ? Readable.from([bytes]) : bytes;
      return { response: new HttpResponse({ statusCode, headers: { ...headers }, body }) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs() {
      return {};
    },
    destroy() {},
  };
}

function throwIfAborted(signal: unknown): void {
  if (signal instanceof AbortSignal && signal.aborted) {
    throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
  }
}

async function toWireRequest({ method, path, query, headers, body }: HttpRequest): Promise<WireRequest> {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    path,
    query: writeQuery(query),
    headers: Object.fromEntries(lowerCase),
    body: await collect(body),
  };
}

function writeQuery(query: HttpRequest['query']): string {
  return Object.entries(query ?? {})
    .flatMap(([name, value]) =>
      [value].flat().map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(item ?? '')}`),
    )
    .join('&');
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return encoder.encode(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
