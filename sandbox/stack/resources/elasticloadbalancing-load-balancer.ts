import type { Properties, ResourceRequest, ResourceType } from './resource-type.ts';
import { pick } from './shape.ts';

const HANDED_ON = ['Listeners', 'AvailabilityZones', 'Subnets', 'SecurityGroups', 'Scheme'];

/** AWS::ElasticLoadBalancing::LoadBalancer, the classic one. */
export const classicLoadBalancer: ResourceType = {
  properties: [
    ...HANDED_ON,
    'LoadBalancerName',
    'HealthCheck',
    'Instances',
    'ConnectionDrainingPolicy',
    'ConnectionSettings',
    'CrossZone',
  ],
  recorded: ['Tags', 'AccessLoggingPolicy'],
  async create({ properties, services, generatedName }) {
    const LoadBalancerName = String(properties.LoadBalancerName ?? generatedName(32));
    const input = { ...pick(properties, HANDED_ON), LoadBalancerName };
    const { DNSName } = await services.call('elasticloadbalancing', 'CreateLoadBalancer', input);
    await configure(services, LoadBalancerName, properties);
    return {
      physicalId: LoadBalancerName,
      attributes: { DNSName, CanonicalHostedZoneName: DNSName },
      remove: () => services.call('elasticloadbalancing', 'DeleteLoadBalancer', { LoadBalancerName }),
    };
  },
};

async function configure(
  services: ResourceRequest['services'],
  LoadBalancerName: string,
  properties: Properties,
) {
  const { HealthCheck, Instances, ConnectionDrainingPolicy, ConnectionSettings, CrossZone } = properties;
  const call = (operation: string, input: object) =>
    services.call('elasticloadbalancing', operation, { LoadBalancerName, ...input });
  if (HealthCheck !== undefined) await call('ConfigureHealthCheck', { HealthCheck });
  const attributes = {
    ...(ConnectionDrainingPolicy === undefined ? {} : { ConnectionDraining: ConnectionDrainingPolicy }),
    ...(ConnectionSettings === undefined ? {} : { ConnectionSettings }),
    ...(CrossZone === undefined ? {} : { CrossZoneLoadBalancing: { Enabled: CrossZone } }),
  };
  if (Object.keys(attributes).length > 0) {
    await call('ModifyLoadBalancerAttributes', { LoadBalancerAttributes: attributes });
  }
  if (Array.isArray(Instances)) {
    await call('RegisterInstancesWithLoadBalancer', {
      Instances: Instances.map((InstanceId) => ({ InstanceId })),
    });
  }
}
