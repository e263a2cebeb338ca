import { AwsError } from '#sandbox/core/errors.ts';
import { decoder, encoder, type WireResponse } from '../messages.ts';
import type { ServiceModel } from '../model.ts';
import { readJson, writeJson } from '../values/json.ts';
import { errorBody } from './error-body.ts';
import type { Protocol } from './protocol.ts';

/** awsJson1_0 and awsJson1_1: the operation is in X-Amz-Target, everything else in a JSON body. */
export const awsJson: Protocol = {
  read({ operation }, request) {
    return readJson(operation.input, parseJson(request.body)) as Record<string, unknown>;
  },
  write({ service, operation }, output, requestId) {
    return respond(service, 200, writeJson(operation.output, output), requestId);
  },
  writeError(service, error, requestId) {
    // These protocols answer 400 whatever the model's httpError says, and 500 for the service's own failures.
    const status = error.httpStatus >= 500 ? error.httpStatus : 400;
    const body = { __type: error.code, ...errorBody(service, error) };
    return respond(service, status, JSON.stringify(body), requestId);
  },
  unknownOperation() {
    return new AwsError('UnknownOperationException', 'The requested operation is not supported.');
  },
};

/** An empty body is an empty structure; anything else has to be a JSON document. */
export function parseJson(body: Uint8Array): unknown {
  const text = decoder.decode(body);
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not a valid JSON document.');
  }
}

function respond(service: ServiceModel, statusCode: number, body: string, requestId: string): WireResponse {
  return {
    statusCode,
    headers: {
      'content-type': `application/x-amz-json-${service.protocol === 'awsJson1_0' ? '1.0' : '1.1'}`,
      'x-amzn-requestid': requestId,
    },
    body: encoder.encode(body),
  };
}
