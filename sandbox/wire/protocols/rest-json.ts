import { AwsError } from '#sandbox/core/errors.ts';
import { encoder } from '../messages.ts';
import { readJson, writeJson } from '../values/json.ts';
import { parseJson } from './aws-json.ts';
import { errorBody } from './error-body.ts';
import { type BodyCodec, readBindings, writeBindings } from './http-bindings.ts';
import { errorStatus, type Protocol } from './protocol.ts';

const codec: BodyCodec = {
  read: (schema, body) => readJson(schema, parseJson(body)),
  write: (schema, value) => writeJson(schema, value, { jsonName: true }),
};

/** restJson1: method, path, query and headers bind members; the rest is JSON. */
export const restJson: Protocol = {
  read: (call, request) => readBindings(call, request, codec),
  write(call, output, requestId) {
    const { statusCode, headers, body } = writeBindings(call, output, codec);
    return {
      statusCode,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...headers },
      body: typeof body === 'string' ? encoder.encode(body) : body,
    };
  },
  writeError(service, error, requestId) {
    return {
      statusCode: errorStatus(service, error),
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': error.code,
      },
      body: encoder.encode(JSON.stringify(errorBody(service, error))),
    };
  },
  unknownOperation(_service, name) {
    return new AwsError(
      'UnknownOperationException',
      name === ''
        ? 'No operation of this service has this method and path.'
        : `${name} is not supported by this sandbox.`,
      { httpStatus: 404 },
    );
  },
};
