import type { SandboxContext } from '#sandbox/core/service.ts';
import { type Json, parseJson } from '../json.ts';

/** The result of arn:aws:states:::lambda:invoke: the function's answer within Lambda's, headers included. */
export function invocationOutput({ clock, random }: SandboxContext, payload: string): Json {
  const requestId = random.uuid();
  const headers = {
    Connection: 'keep-alive',
    'Content-Length': String(Buffer.byteLength(payload)),
    'Content-Type': 'application/json',
    Date: new Date(clock.now()).toUTCString(),
    'X-Amz-Executed-Version': '$LATEST',
    'x-amzn-Remapped-Content-Length': '0',
    'x-amzn-RequestId': requestId,
    'X-Amzn-Trace-Id': `root=1-${random.hex(8)}-${random.hex(24)};sampled=0`,
  };
  return {
    ExecutedVersion: '$LATEST',
    Payload: payload === '' ? null : (parseJson(payload) ?? payload),
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
    StatusCode: 200,
  };
}
