import { encoder, type WireRequest, type WireResponse } from './messages.ts';
import { escapeXml } from './values/xml.ts';

/**
 * An error about a request that no service takes, in a form that its sender can read: clients of the query protocols,
 * whose calls are forms, expect XML, all others JSON.
 */
export function unroutedError(
  { headers }: WireRequest,
  statusCode: number,
  code: string,
  message: string,
): WireResponse {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const error = `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
    return {
      statusCode,
      headers: { 'content-type': 'text/xml' },
      body: encoder.encode(`<ErrorResponse>${error}</ErrorResponse>`),
    };
  }
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: encoder.encode(JSON.stringify({ __type: code, message })),
  };
}
