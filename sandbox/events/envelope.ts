import type { AwsEvent, SandboxContext } from '#sandbox/core/service.ts';

/** What an event's author gives: EventBridge adds the rest. */
export type EventContent = Pick<AwsEvent, 'source' | 'detail-type' | 'resources' | 'detail'>;

/** The event as it goes over the bus. Times of events have no milliseconds. */
export function envelope(
  context: SandboxContext,
  content: EventContent,
  time = context.clock.now(),
): AwsEvent {
  return {
    version: '0',
    id: context.random.uuid(),
    'detail-type': content['detail-type'],
    source: content.source,
    account: context.accountId,
    time: `${new Date(time).toISOString().slice(0, 19)}Z`,
    region: context.region,
    resources: content.resources,
    detail: content.detail,
  };
}
