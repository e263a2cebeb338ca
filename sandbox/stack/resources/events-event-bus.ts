import type { ResourceType } from './resource-type.ts';

export const eventsEventBus: ResourceType = {
  properties: ['Name', 'Description'],
  recorded: ['Tags'],
  async create({ properties, services }) {
    const { Name } = properties;
    const { EventBusArn } = await services.call('events', 'CreateEventBus', { Name });
    const remove = () => services.call('events', 'DeleteEventBus', { Name });
    return { physicalId: String(Name), attributes: { Arn: EventBusArn, Name }, remove };
  },
};
