import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { toDeploymentError } from '#lib/aws/sdk/faults.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { traceHandler } from './tracing.ts';

/**
 * The stack of a function that EventBridge calls: the event is checked against the schema of what this function
 * handles. A malformed or foreign event is refused as InvalidEvent, so that it ends in the dead-letter queue where
 * people find it; nothing has been changed by then.
 */
export function forEvent<Event>(schema: z.ZodType<Event>, handler: (event: Event) => Promise<void>) {
  return middy<unknown, void, Error, Context>()
    .use(traceHandler())
    .use({
      before: (request) => {
        // First: what is refused is not about what this environment handled before.
        logger.resetKeys();
        const parsed = schema.safeParse(request.event);
        if (!parsed.success) throw new DeploymentError('InvalidEvent', z.prettifyError(parsed.error));
        request.event = parsed.data;
      },
      onError: (request) => {
        const error = toDeploymentError(request.error) as Error;
        logger.error('The event could not be handled', error);
        // middy throws it, once the trace has been closed.
        request.error = error;
      },
    })
    .handler((event) => handler(event as Event));
}
