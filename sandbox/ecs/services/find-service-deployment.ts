import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { findCluster } from '../identifiers.ts';
import type { Ecs, ServiceRecord } from '../state.ts';

/** `arn:…:service-deployment/CLUSTER/SERVICE/ID` and `arn:…:service-revision/CLUSTER/SERVICE/ID` name their service. */
export function serviceNamedBy(ecs: Ecs, arn: string): ServiceRecord | undefined {
  const [, cluster = '', service = ''] = arn.split('/');
  return findCluster(ecs, cluster)?.services.get(service);
}

export function findServiceDeployment(
  ecs: Ecs,
  arn: string,
): { service: ServiceRecord; deployment: ServiceDeployment } | undefined {
  const service = serviceNamedBy(ecs, arn);
  const deployment = service?.serviceDeployments.find(
    ({ serviceDeploymentArn }) => serviceDeploymentArn === arn,
  );
  return service && deployment ? { service, deployment } : undefined;
}
