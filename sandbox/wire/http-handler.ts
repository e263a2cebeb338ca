import type { IncomingMessage, ServerResponse } from 'node:http';
import { encoder, type WireRequest, type WireResponse } from './messages.ts';

/** Something that the front door serves beside AWS's services, with addresses of its own. */
export interface HttpHandler {
  name: string;
  /** Whether a request is for it. `head` is the request without its body, which is unread. */
  takes(head: WireRequest): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  /** The guard's refusal of a request that is for it, in the form that its clients read. */
  forbidden(message: string): WireResponse;
}

/** `{"message": …}`, as API Gateway answers for itself. */
export function jsonMessage(statusCode: number, message: string): WireResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: encoder.encode(JSON.stringify({ message })),
  };
}

/** An answer of plain text, for clients that show it as it is. */
export function plainText(statusCode: number, message: string): WireResponse {
  return {
    statusCode,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: encoder.encode(`${message}\n`),
  };
}
