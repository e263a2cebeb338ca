import { AwsError } from '#sandbox/core/errors.ts';
import { encoder } from '../messages.ts';
import { escapeXml, readXml, writeXml } from '../values/xml.ts';
import { type BodyCodec, readBindings, writeBindings } from './http-bindings.ts';
import { errorStatus, type Protocol } from './protocol.ts';

/** restXml, spoken by S3 alone here: members in path, query and headers, documents in XML. */
export const restXml: Protocol = {
  read: (call, request) => readBindings(call, request, codec()),
  write(call, output, requestId) {
    const {
      statusCode,
      headers,
      body,
      document,
      streaming = false,
    } = writeBindings(call, output, codec(call.service.xmlNamespace));
    return {
      // A part of an object is the one success whose status no binding tells.
      statusCode: headers['content-range'] === undefined ? statusCode : 206,
      headers: {
        'x-amz-request-id': requestId,
        ...(document ? { 'content-type': 'application/xml' } : {}),
        ...headers,
      },
      body: typeof body === 'string' ? encoder.encode(body) : body,
      streaming,
    };
  },
  writeError(service, error, requestId) {
    const statusCode = errorStatus(service, error);
    const fields = Object.entries(error.fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
      .join('');
    const xml =
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(error.code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message>${fields}<RequestId>${requestId}</RequestId></Error>`;
    return {
      statusCode,
      headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
      body: encoder.encode(statusCode === 304 ? '' : xml),
    };
  },
  unknownOperation(_service, name) {
    return name === ''
      ? new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
          httpStatus: 405,
        })
      : new AwsError(
          'NotImplemented',
          `A header or query you provided implies ${name}, which is not implemented.`,
          {
            httpStatus: 501,
          },
        );
  },
};

function codec(xmlNamespace?: string): BodyCodec {
  return {
    read: (schema, body) => readXml(schema, body),
    write: (schema, value) => writeXml(schema, value, xmlNamespace),
  };
}
