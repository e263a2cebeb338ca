import type { ServiceCalls } from '#sandbox/core/calls.ts';
import { publishTo } from '#sandbox/core/publish.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { LoggedInvocation } from './invocation.ts';
import type { LambdaIam } from './needs.ts';
import type { QueuedEvent } from './queued-event.ts';

export type EventEnd = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

export type SendToDestination = (
  event: QueuedEvent,
  result: LoggedInvocation | undefined,
  attempts: number,
  end: EventEnd,
) => Promise<void>;

/**
 * Sends the record of a finished asynchronous invocation to where the function declares, if anywhere, as the
 * function's role may: that role needs sqs:SendMessage or sns:Publish.
 */
export function createDestinations(
  context: SandboxContext,
  services: ServiceCalls | undefined,
  iam: LambdaIam,
): SendToDestination {
  const publish = (event: QueuedEvent, target: string, body: string) => {
    const action = target.split(':')[2] === 'sns' ? 'sns:Publish' : 'sqs:SendMessage';
    iam.authorizeRole?.(
      event.version.settings.role,
      [{ action, resources: [target] }],
      'lambda.amazonaws.com',
    );
    return publishTo(services, target, body);
  };
  return async (event, result, attempts, end) => {
    const { onSuccess, onFailure } = event.record.asyncSettings ?? {};
    const target = end === 'Success' ? onSuccess : onFailure;
    if (target !== undefined) {
      await publish(event, target, JSON.stringify(invocationRecord(context, event, result, attempts, end)));
    }
    const deadLetter = event.version.settings.deadLetterArn;
    if (end !== 'Success' && deadLetter !== undefined) await publish(event, deadLetter, event.payload);
  };
}

/** The record that a destination receives ("Retaining records of asynchronous invocations" in the Lambda guide). */
function invocationRecord(
  context: SandboxContext,
  event: QueuedEvent,
  result: LoggedInvocation | undefined,
  attempts: number,
  condition: EventEnd,
): object {
  return {
    version: '1.0',
    timestamp: new Date(context.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.record.arn}:${event.version.version}`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(event.payload),
    responseContext: {
      statusCode: 200,
      executedVersion: event.version.version,
      ...(result?.functionError === undefined ? {} : { functionError: result.functionError }),
    },
    responsePayload: result === undefined ? null : JSON.parse(result.payload),
  };
}
