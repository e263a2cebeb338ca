import type {
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Health } from '../../engine/health.ts';
import type { ApplicationState } from '../state.ts';
import { targetOf } from './register-targets.ts';

export function describeTargetHealth(state: ApplicationState) {
  return (input: DescribeTargetHealthInput): DescribeTargetHealthOutput => {
    const group = state.findTargetGroup(input.TargetGroupArn);
    const { pool, shape } = group;
    const targets = input.Targets?.length
      ? input.Targets.map((description) => targetOf(description, group))
      : pool.members().map(({ target }) => target);
    return {
      TargetHealthDescriptions: targets.map((target) => ({
        Target: { Id: target.id, Port: target.port },
        HealthCheckPort:
          shape.HealthCheckPort === 'traffic-port' ? String(target.port) : shape.HealthCheckPort,
        TargetHealth: inWords(pool.find(target)?.health),
      })),
    };
  };
}

/** State, reason and description. Reasons are the TargetHealth type's; descriptions as DescribeTargetHealth words them. */
function inWords(health: Health | undefined): TargetHealth {
  if (!health) {
    return {
      State: 'unused',
      Reason: 'Target.NotRegistered',
      Description: 'Target is not registered to the target group',
    };
  }
  switch (health.state) {
    case 'healthy':
      return { State: 'healthy' };
    case 'unused':
      return {
        State: 'unused',
        Reason: 'Target.NotInUse',
        Description: 'Target group is not configured to receive traffic from the load balancer',
      };
    case 'draining':
      return {
        State: 'draining',
        Reason: 'Target.DeregistrationInProgress',
        Description: 'Target deregistration is in progress',
      };
    case 'initial':
      return health.last
        ? {
            State: 'initial',
            Reason: 'Elb.InitialHealthChecking',
            Description: 'Initial health checks in progress',
          }
        : {
            State: 'initial',
            Reason: 'Elb.RegistrationInProgress',
            Description: 'Target registration is in progress',
          };
    case 'unhealthy':
      return { State: 'unhealthy', ...whyUnhealthy(health) };
  }
}

function whyUnhealthy({ last }: Health): Pick<TargetHealth, 'Reason' | 'Description'> {
  if (last?.outcome === 'mismatch') {
    return {
      Reason: 'Target.ResponseCodeMismatch',
      Description: `Health checks failed with these codes: [${last.statusCode}]`,
    };
  }
  if (last?.outcome === 'timeout') return { Reason: 'Target.Timeout', Description: 'Request timed out' };
  return { Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' };
}
