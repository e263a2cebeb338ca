import { request } from 'node:http';
import { connect } from 'node:net';
import type { Clock } from '#sandbox/core/clock.ts';
import type { Endpoint } from '#sandbox/core/network.ts';

/** How the targets of one pool are checked. Durations are seconds, as the API gives them. */
export interface HealthCheck {
  protocol: 'HTTP' | 'TCP';
  port: number | 'traffic-port';
  path: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  matches(statusCode: number): boolean;
  userAgent: string;
}

export type ProbeResult =
  | { outcome: 'passed' }
  | { outcome: 'mismatch'; statusCode: number }
  | { outcome: 'timeout' }
  | { outcome: 'failed' };

/** A probe under way: `cancel` ends it without a result. */
export interface Probe {
  result: Promise<ProbeResult>;
  cancel(): void;
}

/** Makes one check of a target: over the network, or as a simulation's targets would answer. */
export type ProbeTarget = (endpoint: Endpoint | undefined, check: HealthCheck, clock: Clock) => Probe;

/**
 * One real check of a target, on a fresh connection as Elastic Load Balancing does it. An endpoint that is
 * not known means that nothing listens on that host port: the connection would be refused.
 */
export function probe(endpoint: Endpoint | undefined, check: HealthCheck, clock: Clock): Probe {
  if (!endpoint) return { result: Promise.resolve({ outcome: 'failed' }), cancel: () => {} };
  const attempt = check.protocol === 'TCP' ? probeTcp(endpoint) : probeHttp(endpoint, check);
  const timeout = Promise.withResolvers<ProbeResult>();
  const timer = clock.setTimeout(() => {
    timeout.resolve({ outcome: 'timeout' });
    attempt.cancel();
  }, check.timeoutSeconds * 1000);
  const result = Promise.race([timeout.promise, attempt.result]).finally(() => clock.clearTimeout(timer));
  return { result, cancel: attempt.cancel };
}

function probeTcp(endpoint: Endpoint): Probe {
  const socket = connect(endpoint.port, endpoint.host);
  const result = new Promise<ProbeResult>((resolve) => {
    socket.once('connect', () => resolve({ outcome: 'passed' }));
    socket.once('close', () => resolve({ outcome: 'failed' }));
    socket.on('error', () => resolve({ outcome: 'failed' }));
  }).finally(() => socket.destroy());
  return { result, cancel: () => socket.destroy() };
}

function probeHttp(endpoint: Endpoint, check: HealthCheck): Probe {
  const attempt = request({
    host: endpoint.host,
    port: endpoint.port,
    path: check.path,
    agent: false,
    headers: { 'user-agent': check.userAgent, connection: 'close' },
  });
  const result = new Promise<ProbeResult>((resolve) => {
    attempt.once('response', (response) => {
      // Only the status line counts, but the body has to be read for the connection to end.
      response.resume();
      response.on('error', () => {});
      const statusCode = response.statusCode ?? 0;
      resolve(check.matches(statusCode) ? { outcome: 'passed' } : { outcome: 'mismatch', statusCode });
    });
    attempt.on('error', () => resolve({ outcome: 'failed' }));
    attempt.once('close', () => resolve({ outcome: 'failed' }));
  });
  attempt.end();
  return { result, cancel: () => attempt.destroy() };
}
