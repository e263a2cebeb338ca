import type { Properties, ResourceType } from './resource-type.ts';
import { json, omit } from './shape.ts';

/** AWS::Events::Rule: the rule and its targets. */
export const eventsRule: ResourceType = {
  properties: [
    'Name',
    'Description',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'Targets',
    'RoleArn',
  ],
  recorded: ['Tags'],
  async create({ properties, services, generatedName }) {
    const Name = String(properties.Name ?? generatedName(64));
    const { EventBusName, EventPattern } = properties;
    const { RuleArn } = await services.call('events', 'PutRule', {
      ...omit(properties, ['Targets', 'Tags']),
      Name,
      ...(EventPattern === undefined ? {} : { EventPattern: json(EventPattern) }),
    });
    const targets = (properties.Targets ?? []) as Properties[];
    if (targets.length > 0) await putTargets(services, { Rule: Name, EventBusName, Targets: targets });
    const remove = async () => {
      const Ids = targets.map(({ Id }) => Id);
      if (Ids.length > 0) await services.call('events', 'RemoveTargets', { Rule: Name, EventBusName, Ids });
      await services.call('events', 'DeleteRule', { Name, EventBusName });
    };
    return { physicalId: Name, attributes: { Arn: RuleArn }, remove };
  },
};

async function putTargets(
  services: Parameters<ResourceType['create']>[0]['services'],
  input: object,
): Promise<void> {
  const { FailedEntries = [] } = await services.call('events', 'PutTargets', input);
  const [failed] = FailedEntries;
  if (failed !== undefined)
    throw new Error(`${failed.ErrorCode}: ${failed.ErrorMessage} (target ${failed.TargetId})`);
}
