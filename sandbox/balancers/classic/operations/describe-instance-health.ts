import type {
  DescribeEndPointStateInput,
  DescribeEndPointStateOutput,
  InstanceState,
} from '@aws-sdk/client-elastic-load-balancing';
import type { Health } from '../../engine/health.ts';
import type { ClassicState } from '../state.ts';

export function describeInstanceHealth(state: ClassicState) {
  return (input: DescribeEndPointStateInput): DescribeEndPointStateOutput => {
    const { pool } = state.find(input.LoadBalancerName);
    const ids = input.Instances?.length
      ? input.Instances.map(({ InstanceId }) => InstanceId ?? '')
      : pool.members().map(({ target }) => target.id);
    return {
      InstanceStates: ids.map((id) => ({ InstanceId: id, ...inWords(pool.find({ id, port: 0 })?.health) })),
    };
  };
}

/** State, reason code and description in the words of the InstanceState type of the API. */
function inWords(health: Health | undefined): Omit<InstanceState, 'InstanceId'> {
  const out = (ReasonCode: string, Description: string) => ({
    State: 'OutOfService',
    ReasonCode,
    Description,
  });
  if (!health) return out('Instance', 'Instance is not currently registered with the LoadBalancer.');
  if (health.state === 'healthy') return { State: 'InService', ReasonCode: 'N/A', Description: 'N/A' };
  if (health.state === 'draining') {
    return {
      State: 'InService',
      ReasonCode: 'N/A',
      Description: 'Instance deregistration currently in progress.',
    };
  }
  if (health.successes > 0) {
    return out(
      'Instance',
      'Instance has not passed the configured HealthyThreshold number of health checks consecutively.',
    );
  }
  if (health.state === 'unhealthy') {
    return out(
      'Instance',
      'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
    );
  }
  return out('ELB', 'Instance registration is still in progress.');
}
