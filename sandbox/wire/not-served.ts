import type { WireRequest, WireResponse } from './messages.ts';
import { readSignature } from './sigv4/signature.ts';
import { unroutedError } from './unrouted-error.ts';

/** The answer to a request that nothing here takes. */
export function notServed(request: WireRequest): WireResponse {
  const signature = readSignature(request);
  const message =
    typeof signature === 'object'
      ? `This sandbox does not serve ${signature.signingName}.`
      : 'Nothing here: this is no call to an AWS service that this sandbox serves, nor one of its pages.';
  return unroutedError(request, 404, 'UnknownOperationException', message);
}
