import type { WireRequest } from './messages.ts';
import { readSignature } from './sigv4/signature.ts';
import { escapeXml } from './values/xml.ts';

const CODE = 'UnknownOperationException';

/**
 * The answer to a request that nothing here takes, in a form that its sender can read: clients of the query protocols,
 * whose calls are forms, expect XML, all others JSON.
 */
export function notServed(request: WireRequest): { headers: Record<string, string>; body: string } {
  const signature = readSignature(request);
  const message =
    typeof signature === 'object'
      ? `This sandbox does not serve ${signature.signingName}.`
      : 'Nothing here: this is no call to an AWS service that this sandbox serves, nor one of its pages.';
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const error = `<Error><Code>${CODE}</Code><Message>${escapeXml(message)}</Message></Error>`;
    return { headers: { 'content-type': 'text/xml' }, body: `<ErrorResponse>${error}</ErrorResponse>` };
  }
  return {
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': CODE },
    body: JSON.stringify({ __type: CODE, message }),
  };
}
