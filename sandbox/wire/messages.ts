/** A request as it came over the wire, whatever carried it: a socket or a call in this process. */
export interface WireRequest {
  method: string;
  /** The path as sent, still percent-encoded, without the query. */
  path: string;
  /** The query as sent, still percent-encoded, without the question mark. */
  query: string;
  /** Lower-case names; a repeated header's values are joined by ', '. */
  headers: Record<string, string>;
  body: Uint8Array;
  /**
   * Aborted when whoever sent it has given up, of a call in this process. A request that is still on its way then never
   * arrives; one that has arrived is performed all the same.
   */
  signal?: AbortSignal;
}

export interface WireResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** Whether clients hand the body on as a stream, as they do with an object of S3's. */
  streaming?: boolean;
}

/** The query's parameters, decoded, in the order sent. A parameter without a value has the value ''. */
export function queryParameters(query: string): [name: string, value: string][] {
  if (query === '') return [];
  return query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [decode(name), decode(value.join('='))];
  });
}

/** Percent-decoding that leaves a malformed sequence as it is, and '+' alone: SigV4 knows no '+' for space. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const encoder = new TextEncoder();
export const decoder = new TextDecoder();
