import type { InvocationRequest, InvocationResponse } from '@aws-sdk/client-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { LambdaState } from '../state.ts';

/** 6 MB for a synchronous, 1 MB for an asynchronous payload ("Lambda quotas"). */
const PAYLOAD_LIMITS = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 };

/** LogType Tail answers the last 4 KB of the log. */
const TAIL_BYTES = 4096;

export function invoke(state: LambdaState): Operation<InvocationRequest, InvocationResponse> {
  return async (input, { requestId, traceHeader }) => {
    const { record, version } = state.store.version(input.FunctionName ?? '', input.Qualifier);
    const type = input.InvocationType ?? 'RequestResponse';
    const payload = readPayload(input.Payload as Uint8Array | undefined, type);
    if (type === 'DryRun') return { StatusCode: 204 };
    if (type === 'Event') {
      state.enqueue(record, version, payload, { requestId, traceHeader });
      return { StatusCode: 202 };
    }
    const result = await state.run(record, version, payload, { requestId, traceHeader });
    return {
      StatusCode: 200,
      ExecutedVersion: version.version,
      Payload: Buffer.from(result.payload) as unknown as InvocationResponse['Payload'],
      ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
      ...(input.LogType === 'Tail' ? { LogResult: tail(result.log) } : {}),
    };
  };
}

function readPayload(bytes: Uint8Array | undefined, type: keyof typeof PAYLOAD_LIMITS): string {
  const payload = bytes === undefined || bytes.byteLength === 0 ? '{}' : Buffer.from(bytes).toString('utf8');
  const size = Buffer.byteLength(payload);
  const limit = PAYLOAD_LIMITS[type];
  if (size > limit) {
    throw new AwsError(
      'RequestTooLargeException',
      `${size} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      { httpStatus: 413, fields: { Type: 'User' } },
    );
  }
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
      {
        fields: { Type: 'User' },
      },
    );
  }
  return payload;
}

function tail(log: string[]): string {
  return Buffer.from(`${log.join('\n')}\n`)
    .subarray(-TAIL_BYTES)
    .toString('base64');
}
