import { Tracer } from '@aws-lambda-powertools/tracer';

/**
 * Sends to X-Ray what a function did and which calls it made. Only in Lambda: anywhere else it does nothing.
 *
 * It builds on the X-Ray SDK, which AWS keeps in maintenance mode since February 2026 (security fixes, no features; the
 * successor is OpenTelemetry), and on which Powertools keeps its Tracer. Everything that knows the SDK is this file,
 * clients.ts and the middleware of lib/middleware.
 *
 * Only calls to AWS are traced: to others (the health probe, GitHub) the id of the trace would be sent along.
 */
export const tracer = new Tracer({ serviceName: 'landfall', captureHTTPsRequests: false });
