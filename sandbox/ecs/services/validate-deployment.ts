import type { DeploymentConfiguration, LoadBalancer } from '@aws-sdk/client-ecs';
import { invalidParameter, unsupported } from '../errors.ts';

/** The deployment configuration as given, and AWS's defaults: a rolling update between 100 and 200 percent. */
export function resolveDeploymentConfiguration(
  given: DeploymentConfiguration = {},
  balancers: LoadBalancer[] = [],
  previous: DeploymentConfiguration = {},
): DeploymentConfiguration {
  if ((given.strategy ?? 'ROLLING') !== 'ROLLING')
    throw unsupported(`The deployment strategy ${given.strategy}`);
  if (given.alarms?.enable) throw unsupported('Failing a deployment by CloudWatch alarms');
  if (given.deploymentCircuitBreaker && balancers.some(({ loadBalancerName }) => loadBalancerName)) {
    // Recorded from AWS: refused even with enable false.
    throw invalidParameter(
      'Deployment circuit breaker feature is not supported with Classic Load Balancers. ' +
        'Remove the Classic Load Balancer and try again.',
    );
  }
  const { type, value } = given.deploymentCircuitBreaker?.thresholdConfiguration ?? {};
  if (value !== undefined && (value < 1 || (type === 'BOUNDED_PERCENT' && value > 100))) {
    throw invalidParameter('The value of the thresholdConfiguration is out of range.');
  }
  const { minimumHealthyPercent = 100, maximumPercent = 200, ...rest } = { ...previous, ...given };
  if (
    minimumHealthyPercent < 0 ||
    maximumPercent < 0 ||
    (maximumPercent === 0 && minimumHealthyPercent === 0)
  ) {
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 0 as this will block deployments.',
    );
  }
  return { ...rest, strategy: 'ROLLING', minimumHealthyPercent, maximumPercent };
}
