import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Clock } from '#sandbox/core/clock.ts';
import type { Random } from '#sandbox/core/random.ts';

/** Headers that concern one hop only (RFC 9110, section 7.6.1) and are not passed on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function withoutHopByHop(message: IncomingMessage): OutgoingHttpHeaders {
  const named = new Set(
    String(message.headers.connection ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
  const entries = Object.entries(message.headersDistinct)
    .filter(([name]) => !hopByHop.has(name) && !named.has(name))
    .map(([name, values]) => [name, values?.length === 1 ? values[0] : values]);
  const headers: OutgoingHttpHeaders = Object.fromEntries(entries);
  // The framing of a body is the hop's own, but that there is one has to be said again (a chunked DELETE, say).
  if (message.headers['transfer-encoding']) headers['transfer-encoding'] = 'chunked';
  return headers;
}

/** What a target is told of the client: X-Forwarded-For (appended), -Proto and -Port, and a trace id. */
export function forwardedHeaders(
  request: IncomingMessage,
  listenerPort: number,
  source: { clock: Clock; random: Random },
): OutgoingHttpHeaders {
  const client = request.socket.remoteAddress ?? '127.0.0.1';
  const before = request.headers['x-forwarded-for'];
  const seconds = Math.floor(source.clock.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  return {
    'x-forwarded-for': before ? `${before}, ${client}` : client,
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(listenerPort),
    'x-amzn-trace-id': request.headers['x-amzn-trace-id'] ?? `Root=1-${seconds}-${source.random.hex(24)}`,
  };
}
