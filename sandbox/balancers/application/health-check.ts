import type { TargetGroup as TargetGroupShape } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import type { HealthCheck } from '../engine/probe.ts';
import { type BalancersOptions, requireRange } from '../options.ts';

/** The members of a target group that say how its targets are checked. */
export type HealthCheckShape = Pick<
  TargetGroupShape,
  | 'HealthCheckProtocol'
  | 'HealthCheckPort'
  | 'HealthCheckEnabled'
  | 'HealthCheckPath'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'UnhealthyThresholdCount'
  | 'Matcher'
>;

/** Defaults of CreateTargetGroup for HTTP target groups of Application Load Balancers. */
export function defaultHealthCheck(options: BalancersOptions): Required<HealthCheckShape> {
  const defaults = options.defaults ?? {};
  return {
    HealthCheckProtocol: 'HTTP',
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckPath: '/',
    HealthCheckIntervalSeconds: defaults.intervalSeconds ?? 30,
    HealthCheckTimeoutSeconds: defaults.timeoutSeconds ?? 5,
    HealthyThresholdCount: defaults.healthyThreshold ?? 5,
    UnhealthyThresholdCount: defaults.unhealthyThreshold ?? 2,
    Matcher: { HttpCode: '200' },
  };
}

/** What a request says of the health check: the members of it that are there, and nothing else. */
export function healthCheckOf(input: HealthCheckShape): HealthCheckShape {
  const picked = Object.entries({
    HealthCheckProtocol: input.HealthCheckProtocol,
    HealthCheckPort: input.HealthCheckPort,
    HealthCheckEnabled: input.HealthCheckEnabled,
    HealthCheckPath: input.HealthCheckPath,
    HealthCheckIntervalSeconds: input.HealthCheckIntervalSeconds,
    HealthCheckTimeoutSeconds: input.HealthCheckTimeoutSeconds,
    HealthyThresholdCount: input.HealthyThresholdCount,
    UnhealthyThresholdCount: input.UnhealthyThresholdCount,
    Matcher: input.Matcher,
  }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(picked);
}

export function validateHealthCheck(check: HealthCheckShape, options: BalancersOptions): void {
  if (check.HealthCheckProtocol !== 'HTTP') throw notSupported(`${check.HealthCheckProtocol} health checks`);
  if (check.HealthCheckEnabled === false) {
    throw new AwsError(
      'ValidationError',
      'Health check enabled must be true for target groups with target type instance or ip',
    );
  }
  if (check.Matcher?.GrpcCode) throw notSupported('gRPC health checks');
  const floor = options.minimumIntervalSeconds ?? 5;
  const interval = check.HealthCheckIntervalSeconds ?? 0;
  const timeout = check.HealthCheckTimeoutSeconds ?? 0;
  requireRange('Health check interval', interval, floor, 300);
  requireRange('Health check timeout', timeout, Math.min(2, floor), 120);
  requireRange('Healthy threshold count', check.HealthyThresholdCount ?? 0, 2, 10);
  requireRange('Unhealthy threshold count', check.UnhealthyThresholdCount ?? 0, 2, 10);
  const port = check.HealthCheckPort ?? '';
  if (port !== 'traffic-port' && !(Number(port) >= 1 && Number(port) <= 65535)) {
    throw new AwsError(
      'ValidationError',
      `Health check port '${port}' must be 'traffic-port' or in the range 1-65535`,
    );
  }
  if (!check.HealthCheckPath?.startsWith('/')) {
    throw new AwsError('ValidationError', `Health check path '${check.HealthCheckPath}' must start with '/'`);
  }
  if (timeout > interval) {
    throw new AwsError(
      'ValidationError',
      `Health check timeout '${timeout}' must be smaller than or equal to the interval '${interval}'`,
    );
  }
  parseMatcher(check.Matcher?.HttpCode ?? '');
}

/** `200`, `200,302` and `200-299`, between 200 and 499, as the Matcher type describes them. */
function parseMatcher(text: string): (statusCode: number) => boolean {
  const ranges = text.split(',').map((part) => {
    const [, low, high] = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim()) ?? [];
    return { low: Number(low), high: Number(high ?? low) };
  });
  const wrong = ranges.some(({ low, high }) => !(low >= 200 && high <= 499 && low <= high));
  if (wrong) {
    throw new AwsError(
      'ValidationError',
      `Health check matcher HTTP code '${text}' must be within '200-499' inclusive`,
    );
  }
  return (statusCode) => ranges.some(({ low, high }) => statusCode >= low && statusCode <= high);
}

export function toProbe(check: HealthCheckShape): HealthCheck {
  return {
    protocol: 'HTTP',
    port: check.HealthCheckPort === 'traffic-port' ? 'traffic-port' : Number(check.HealthCheckPort),
    path: check.HealthCheckPath ?? '/',
    intervalSeconds: check.HealthCheckIntervalSeconds ?? 30,
    timeoutSeconds: check.HealthCheckTimeoutSeconds ?? 5,
    healthyThreshold: check.HealthyThresholdCount ?? 5,
    unhealthyThreshold: check.UnhealthyThresholdCount ?? 2,
    matches: parseMatcher(check.Matcher?.HttpCode ?? '200'),
    userAgent: 'ELB-HealthChecker/2.0',
  };
}
