import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/types';
import { encoder, type WireRequest, type WireResponse } from './messages.ts';

interface Door {
  handle(request: WireRequest): Promise<WireResponse | undefined>;
}

interface Options {
  /** Milliseconds after which a call without an answer is given up, as the SDK's own transport does; default: never. */
  requestTimeout?: number;
}

/**
 * A request handler for SDK clients that calls the front door in this process: no socket, so that whole deployments
 * run under a virtual clock. `new ECSClient({ requestHandler: inProcessHandler(frontDoor) })`
 */
export function inProcessHandler(door: Door, { requestTimeout }: Options = {}) {
  return {
    async handle(
      request: HttpRequest,
      { abortSignal }: { abortSignal?: unknown } = {},
    ): Promise<{ response: HttpResponse }> {
      const wireRequest = await toWireRequest(request);
      const answer = await untilGivenUp(
        (signal) => door.handle({ ...wireRequest, signal }),
        abortSignal instanceof AbortSignal ? abortSignal : undefined,
        requestTimeout,
      );
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

/** Waits for the answer as long as the caller does. Fails with the SDK's AbortError and TimeoutError. */
async function untilGivenUp<T>(
  call: (signal: AbortSignal) => Promise<T>,
  aborted: AbortSignal | undefined,
  timeout: number | undefined,
): Promise<T> {
  const gaveUp = new AbortController();
  const giveUp = (name: string, message: string) => gaveUp.abort(Object.assign(new Error(message), { name }));
  const onAbort = () => giveUp('AbortError', 'Request aborted');
  if (aborted?.aborted) onAbort();
  aborted?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => giveUp('TimeoutError', `No answer within ${timeout} ms`), timeout);
  try {
    gaveUp.signal.throwIfAborted();
    const rejected = new Promise<never>((_, reject) => {
      gaveUp.signal.addEventListener('abort', () => reject(gaveUp.signal.reason), { once: true });
    });
    return await Promise.race([call(gaveUp.signal), rejected]);
  } finally {
    clearTimeout(timer);
    aborted?.removeEventListener('abort', onAbort);
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
