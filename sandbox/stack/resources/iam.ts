import type { Properties, ResourceRequest, ResourceType } from './resource-type.ts';
import { integer, json, pick } from './shape.ts';

interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: unknown;
}

/** AWS::IAM::Role with its inline and attached policies. */
export const role: ResourceType = {
  properties: [
    'RoleName',
    'Path',
    'Description',
    'AssumeRolePolicyDocument',
    'MaxSessionDuration',
    'Policies',
    'ManagedPolicyArns',
    'PermissionsBoundary',
  ],
  recorded: ['Tags'],
  async create({ properties, services, generatedName }) {
    const RoleName = String(properties.RoleName ?? generatedName(64));
    const { Role } = await services.call('iam', 'CreateRole', {
      ...pick(properties, ['Path', 'Description', 'PermissionsBoundary']),
      RoleName,
      AssumeRolePolicyDocument: json(properties.AssumeRolePolicyDocument),
      MaxSessionDuration: integer(properties.MaxSessionDuration),
    });
    const inline = (properties.Policies ?? []) as InlinePolicy[];
    const attached = (properties.ManagedPolicyArns ?? []) as string[];
    for (const policy of inline) await putRolePolicy(services, RoleName, policy);
    for (const PolicyArn of attached) await services.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
    const remove = async () => {
      for (const { PolicyName } of inline)
        await services.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
      for (const PolicyArn of attached)
        await services.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
      await services.call('iam', 'DeleteRole', { RoleName });
    };
    return { physicalId: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId }, remove };
  },
};

/** AWS::IAM::Policy: an inline policy of roles. The sandbox has neither users nor groups. */
export const policy: ResourceType = {
  properties: ['PolicyName', 'PolicyDocument', 'Roles'],
  async create({ properties, services }) {
    const declared = properties as Properties & InlinePolicy;
    const roles = (properties.Roles ?? []) as string[];
    for (const RoleName of roles) await putRolePolicy(services, RoleName, declared);
    const remove = async () => {
      const { PolicyName } = declared;
      for (const RoleName of roles) await services.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
    };
    return { physicalId: declared.PolicyName, remove };
  },
};

/** AWS::IAM::ManagedPolicy, attached to the roles it names. */
export const managedPolicy: ResourceType = {
  properties: ['ManagedPolicyName', 'Path', 'Description', 'PolicyDocument', 'Roles'],
  async create({ properties, services, generatedName }) {
    const { Policy } = await services.call('iam', 'CreatePolicy', {
      ...pick(properties, ['Path', 'Description']),
      PolicyName: String(properties.ManagedPolicyName ?? generatedName(128)),
      PolicyDocument: json(properties.PolicyDocument),
    });
    const PolicyArn = Policy.Arn;
    const roles = (properties.Roles ?? []) as string[];
    for (const RoleName of roles) await services.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
    const remove = async () => {
      for (const RoleName of roles) await services.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
      await services.call('iam', 'DeletePolicy', { PolicyArn });
    };
    return { physicalId: PolicyArn, attributes: { PolicyArn }, remove };
  },
};

function putRolePolicy(
  services: ResourceRequest['services'],
  RoleName: string,
  { PolicyName, PolicyDocument }: InlinePolicy,
) {
  return services.call('iam', 'PutRolePolicy', {
    RoleName,
    PolicyName,
    PolicyDocument: json(PolicyDocument),
  });
}
