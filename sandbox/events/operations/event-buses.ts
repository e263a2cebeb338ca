import type {
  CreateEventBusRequest,
  CreateEventBusResponse,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  ListEventBusesRequest,
  ListEventBusesResponse,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { EventsState } from '../state.ts';

export function createEventBus({
  store,
}: EventsState): Operation<CreateEventBusRequest, CreateEventBusResponse> {
  return (input) => ({ EventBusArn: store.create(input.Name ?? '').arn });
}

export function describeEventBus({
  store,
}: EventsState): Operation<DescribeEventBusRequest, DescribeEventBusResponse> {
  return (input) => {
    const { name, arn, createdAt } = store.bus(input.Name);
    return { Name: name, Arn: arn, CreationTime: new Date(createdAt) };
  };
}

export function listEventBuses({
  store,
}: EventsState): Operation<ListEventBusesRequest, ListEventBusesResponse> {
  return (input) => {
    const buses = [...store.buses.values()].filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
    return { EventBuses: buses.map(({ name, arn }) => ({ Name: name, Arn: arn })) };
  };
}

export function deleteEventBus({ store }: EventsState): Operation<DeleteEventBusRequest, object> {
  return (input) => {
    if (input.Name === 'default')
      throw new AwsError('ValidationException', 'Cannot delete event bus default.');
    const bus = store.buses.get(input.Name ?? '');
    if (bus !== undefined && bus.rules.size > 0) {
      throw new AwsError('ValidationException', "Event bus can't be deleted since it has rules.");
    }
    store.buses.delete(input.Name ?? '');
    return {};
  };
}
