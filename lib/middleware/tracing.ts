import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { tracer } from '#lib/aws/sdk/tracer.ts';

/**
 * A subsegment for the handler, under which its calls to AWS hang. What it returns is kept out: documents are large,
 * and Step Functions shows them. The first of every stack, so that it ends after all others.
 */
export const traceHandler = () => captureLambdaHandler(tracer, { captureResponse: false });
