import type { Properties, ResourceType } from './resource-type.ts';
import { integer, omit } from './shape.ts';

const SERVICE = 'elasticloadbalancingv2';

/** `…:loadbalancer/app/web/50dc6c495c0c9188` → app/web/50dc6c495c0c9188: the dimension of its metrics. */
const fullName = (arn: string, kind: string) => arn.slice(arn.indexOf(kind) + kind.length);

/** AWS::ElasticLoadBalancingV2::LoadBalancer. */
export const loadBalancer: ResourceType = {
  properties: [
    'Name',
    'Subnets',
    'SubnetMappings',
    'SecurityGroups',
    'Scheme',
    'Type',
    'IpAddressType',
    'LoadBalancerAttributes',
  ],
  recorded: ['Tags'],
  async create({ properties, services, generatedName }) {
    const Name = String(properties.Name ?? generatedName(32));
    const input = { ...omit(properties, ['Tags', 'LoadBalancerAttributes']), Name };
    const { LoadBalancers } = await services.call(SERVICE, 'CreateLoadBalancer', input);
    const { LoadBalancerArn, DNSName, CanonicalHostedZoneId } = LoadBalancers[0];
    if (properties.LoadBalancerAttributes !== undefined) {
      const Attributes = properties.LoadBalancerAttributes;
      await services.call(SERVICE, 'ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes });
    }
    return {
      physicalId: LoadBalancerArn,
      attributes: {
        LoadBalancerArn,
        DNSName,
        LoadBalancerName: Name,
        CanonicalHostedZoneID: CanonicalHostedZoneId,
        LoadBalancerFullName: fullName(LoadBalancerArn, ':loadbalancer/'),
      },
      remove: () => services.call(SERVICE, 'DeleteLoadBalancer', { LoadBalancerArn }),
    };
  },
};

const NUMBERS = [
  'Port',
  'HealthCheckIntervalSeconds',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'UnhealthyThresholdCount',
];

/** AWS::ElasticLoadBalancingV2::TargetGroup. */
export const targetGroup: ResourceType = {
  properties: '*',
  recorded: ['Tags'],
  async create({ properties, services, generatedName }) {
    const Name = String(properties.Name ?? generatedName(32));
    const declared = omit(properties, ['Tags', 'TargetGroupAttributes', 'Targets']) as Properties;
    for (const name of NUMBERS) if (name in declared) declared[name] = integer(declared[name]);
    const { TargetGroups } = await services.call(SERVICE, 'CreateTargetGroup', { ...declared, Name });
    const { TargetGroupArn } = TargetGroups[0];
    if (properties.TargetGroupAttributes !== undefined) {
      const Attributes = properties.TargetGroupAttributes;
      await services.call(SERVICE, 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes });
    }
    const { Targets } = properties;
    if (Targets !== undefined) await services.call(SERVICE, 'RegisterTargets', { TargetGroupArn, Targets });
    return {
      physicalId: TargetGroupArn,
      attributes: {
        TargetGroupArn,
        TargetGroupName: Name,
        TargetGroupFullName: fullName(TargetGroupArn, `${TargetGroupArn.split(':')[5]?.split('/')[0]}`),
      },
      remove: () => services.call(SERVICE, 'DeleteTargetGroup', { TargetGroupArn }),
    };
  },
};

/** AWS::ElasticLoadBalancingV2::Listener. */
export const listener: ResourceType = {
  properties: ['LoadBalancerArn', 'Protocol', 'Port', 'DefaultActions', 'Certificates', 'SslPolicy'],
  async create({ properties, services }) {
    const input = { ...properties, Port: integer(properties.Port) };
    const { Listeners } = await services.call(SERVICE, 'CreateListener', input);
    const { ListenerArn } = Listeners[0];
    const remove = () => services.call(SERVICE, 'DeleteListener', { ListenerArn });
    return { physicalId: ListenerArn, attributes: { ListenerArn }, remove };
  },
};

/** AWS::ElasticLoadBalancingV2::ListenerRule. */
export const listenerRule: ResourceType = {
  properties: ['ListenerArn', 'Conditions', 'Actions', 'Priority'],
  async create({ properties, services }) {
    const input = { ...properties, Priority: integer(properties.Priority) };
    const { Rules } = await services.call(SERVICE, 'CreateRule', input);
    const { RuleArn } = Rules[0];
    const remove = () => services.call(SERVICE, 'DeleteRule', { RuleArn });
    return { physicalId: RuleArn, attributes: { RuleArn }, remove };
  },
};
