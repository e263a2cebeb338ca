import type {
  ConfigureHealthCheckInput,
  ConfigureHealthCheckOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import { validateHealthCheck } from '../health-check.ts';
import type { ClassicState } from '../state.ts';

/** The next check of every instance goes by the new settings. */
export function configureHealthCheck(state: ClassicState) {
  return (input: ConfigureHealthCheckInput): ConfigureHealthCheckOutput => {
    const balancer = state.find(input.LoadBalancerName);
    const asked = { ...balancer.healthCheck, ...input.HealthCheck };
    // CloudFormation's templates write these numbers as text.
    const check = {
      Target: asked.Target,
      Interval: Number(asked.Interval),
      Timeout: Number(asked.Timeout),
      UnhealthyThreshold: Number(asked.UnhealthyThreshold),
      HealthyThreshold: Number(asked.HealthyThreshold),
    };
    validateHealthCheck(check, state.context.options);
    balancer.healthCheck = check;
    return { HealthCheck: check };
  };
}
