import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '#sandbox/core/clock.ts';
import type { Endpoint } from '#sandbox/core/network.ts';
import type { Random } from '#sandbox/core/random.ts';
import { answerAsGateway, type GatewayStatus, type Generation, gatewayAnswer } from './answers.ts';
import { forwardedHeaders, withoutHopByHop } from './headers.ts';
import type { Member } from './member.ts';

export interface ExchangeContext {
  clock: Clock;
  random: Random;
  generation: Generation;
  listenerPort: number;
  idleTimeoutSeconds(): number;
}

/** Calls back when nothing has moved for the load balancer's idle timeout. */
function idleWatch(context: ExchangeContext, onIdle: () => void) {
  let timer: Timer;
  const stop = () => context.clock.clearTimeout(timer);
  const touch = () => {
    stop();
    timer = context.clock.setTimeout(onIdle, context.idleTimeoutSeconds() * 1000);
  };
  touch();
  return { touch, stop };
}

/**
 * Passes one request to a target and its answer back, streaming both ways. A request that fails is answered
 * 502 or 504 and never sent to another target: Elastic Load Balancing does not retry either.
 */
export function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  member: Member,
  endpoint: Endpoint,
  context: ExchangeContext,
): void {
  const upstream = httpRequest({
    host: endpoint.host,
    port: endpoint.port,
    method: request.method,
    path: request.url,
    agent: member.agent,
    setHost: false,
    headers: { ...withoutHopByHop(request), ...forwardedHeaders(request, context.listenerPort, context) },
  });
  let status: GatewayStatus = 502;
  const fail = (because: GatewayStatus) => {
    status = because;
    upstream.destroy();
    answerAsGateway(response, context.generation, status);
  };
  const idle = idleWatch(context, () => fail(504));
  const done = member.begin({ cut: () => fail(502) });

  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutHopByHop(answer));
    answer.on('data', idle.touch);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  upstream.on('error', () => {
    if (!response.writableEnded) answerAsGateway(response, context.generation, status);
  });
  request.on('data', idle.touch);
  request.on('error', () => upstream.destroy());
  request.pipe(upstream);
  response.on('close', () => {
    idle.stop();
    // A client that went away takes its request to the target with it.
    if (!response.writableFinished) upstream.destroy();
    done();
  });
}

/** Joins a client that asked for another protocol (WebSocket) with a target, byte for byte. */
export function upgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  member: Member,
  endpoint: Endpoint,
  context: ExchangeContext,
): void {
  const target: Socket = connect(endpoint.port, endpoint.host);
  const end = () => {
    idle.stop();
    client.destroy();
    target.destroy();
    done();
  };
  const idle = idleWatch(context, end);
  const done = member.begin({ cut: end });
  let connected = false;
  target.once('connect', () => {
    connected = true;
    const headers = {
      ...withoutHopByHop(request),
      ...forwardedHeaders(request, context.listenerPort, context),
      connection: 'upgrade',
      upgrade: request.headers.upgrade,
    };
    target.write(requestHead(request, headers));
    target.write(head);
    target.pipe(client);
    client.pipe(target);
  });
  target.on('error', () => {
    if (!connected) refuseUpgrade(client, context.generation, 502);
  });
  target.on('data', idle.touch);
  client.on('data', idle.touch);
  client.on('error', end);
  client.on('close', end);
  target.on('close', () => client.end(end));
}

function requestHead(request: IncomingMessage, headers: Record<string, unknown>): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}: ${one}`),
  );
  return `${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** Answers an upgrade that found no target, on the bare socket. */
export function refuseUpgrade(client: Duplex, generation: Generation, status: GatewayStatus): void {
  const { phrase, headers, body } = gatewayAnswer(generation, status);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  client.end(`HTTP/1.1 ${status} ${phrase}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
