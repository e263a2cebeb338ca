import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { now } from '#lib/aws/sdk/clock.ts';
import { toDeploymentError } from '#lib/aws/sdk/faults.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { type DeploymentDocument, StateInput } from '#lib/deployment/document.ts';
import { embedDetail } from '#lib/deployment/ending/failure.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { metricsOfClaim } from '#lib/deployment/notify/time-metrics.ts';
import { setLogContextFrom } from './log-context.ts';
import { emitMetrics } from './metrics.ts';
import { traceHandler } from './tracing.ts';

/** What it returns is the state's output. One that waits for a callback returns nothing: its token is answered. */
// biome-ignore lint/suspicious/noConfusingVoidType: what an async function without a return statement promises
type StateHandler = (input: StateInput) => Promise<DeploymentDocument | void>;

/**
 * The stack of a Task state's function: the input is checked, the deployment is named in every log line, and errors
 * of the SDK get a name that the machine knows.
 */
export function forState(handler: StateHandler) {
  return middy<unknown, Awaited<ReturnType<StateHandler>>, Error, Context>()
    .use(traceHandler())
    .use({
      before: (request) => {
        logger.resetKeys();
        const parsed = StateInput.safeParse(request.event);
        if (!parsed.success) throw new DeploymentError('InvalidDocument', z.prettifyError(parsed.error));
        const { document, execution } = parsed.data;
        request.event = parsed.data;
        setLogContextFrom(document, execution.arn);
        logger.appendKeys({ redriveCount: execution.redriveCount });
        // Of this run: a redriven document still names the claim of the run that failed.
        if (document.claim?.redriveCount === execution.redriveCount)
          emitMetrics(metricsOfClaim(document.service, document.claim, now()));
      },
      after: () => {
        logger.info('The state is done');
      },
      onError: (request) => {
        const error = toDeploymentError(request.error) as Error;
        logger.error('The state failed', error);
        if (error instanceof DeploymentError) embedDetail(error);
        // middy throws it, once the trace has been closed.
        request.error = error;
      },
    })
    .handler((event) => handler(event as StateInput));
}
