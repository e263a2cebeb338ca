import type { HealthCheck as HealthCheckShape } from '@aws-sdk/client-elastic-load-balancing';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import type { HealthCheck } from '../engine/probe.ts';
import { type BalancersOptions, requireRange } from '../options.ts';

/**
 * The health check of a new Classic Load Balancer that was created by the API: a TCP connection to the
 * instance port of its first listener, as DescribeLoadBalancers shows it (the console's HTTP check of
 * /index.html is the console's own choice).
 */
export function defaultHealthCheck(
  instancePort: number,
  options: BalancersOptions,
): Required<HealthCheckShape> {
  const defaults = options.defaults ?? {};
  return {
    Target: `TCP:${instancePort}`,
    Interval: defaults.intervalSeconds ?? 30,
    Timeout: defaults.timeoutSeconds ?? 5,
    UnhealthyThreshold: defaults.unhealthyThreshold ?? 2,
    HealthyThreshold: defaults.healthyThreshold ?? 10,
  };
}

const target = /^(TCP|SSL|HTTP|HTTPS):(\d{1,5})(\/.{0,1023})?$/i;

/** `HTTP:80/path` and `TCP:80`, as the HealthCheck type of the API describes them. */
function parseTarget(text: string): Pick<HealthCheck, 'protocol' | 'port' | 'path'> {
  const [, protocol = '', port = '', path] = target.exec(text) ?? [];
  const name = protocol.toUpperCase();
  const withPath = name === 'HTTP' || name === 'HTTPS';
  if (!name || Number(port) < 1 || Number(port) > 65535 || withPath !== (path !== undefined)) {
    throw new AwsError(
      'ValidationError',
      `HealthCheck Target '${text}' must be TCP:port, SSL:port, HTTP:port/path or HTTPS:port/path`,
    );
  }
  if (name === 'HTTPS' || name === 'SSL') throw notSupported(`${name} health checks`);
  return { protocol: name === 'TCP' ? 'TCP' : 'HTTP', port: Number(port), path: path ?? '/' };
}

export function validateHealthCheck(check: Required<HealthCheckShape>, options: BalancersOptions): void {
  parseTarget(check.Target ?? '');
  requireRange('HealthCheck Interval', check.Interval ?? 0, options.minimumIntervalSeconds ?? 5, 300);
  requireRange(
    'HealthCheck Timeout',
    check.Timeout ?? 0,
    Math.min(2, options.minimumIntervalSeconds ?? 2),
    60,
  );
  requireRange('HealthCheck HealthyThreshold', check.HealthyThreshold ?? 0, 2, 10);
  requireRange('HealthCheck UnhealthyThreshold', check.UnhealthyThreshold ?? 0, 2, 10);
  // With a lowered floor, a check may take the whole of its interval: whole seconds leave no other choice.
  const slack = options.minimumIntervalSeconds === undefined ? 1 : 0;
  if ((check.Timeout ?? 0) + slack > (check.Interval ?? 0)) {
    throw new AwsError('ValidationError', 'HealthCheck timeout must be less than interval');
  }
}

export function toProbe(check: Required<HealthCheckShape>): HealthCheck {
  return {
    ...parseTarget(check.Target ?? ''),
    intervalSeconds: check.Interval ?? 30,
    timeoutSeconds: check.Timeout ?? 5,
    healthyThreshold: check.HealthyThreshold ?? 10,
    unhealthyThreshold: check.UnhealthyThreshold ?? 2,
    // "any answer other than "200 OK" within the timeout period is considered unhealthy" (HealthCheck type)
    matches: (statusCode) => statusCode === 200,
    userAgent: 'ELB-HealthChecker/1.0',
  };
}
