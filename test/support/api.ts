import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Sandbox } from '#sandbox/sandbox.ts';

export interface ApiCall {
  /** An object is sent as JSON, a text as it is. */
  body?: object | string;
  headers?: Record<string, string>;
  isSigned?: boolean;
}

export interface ApiResult {
  status: number;
  type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: each route's own; tests name what they expect
  body: any;
}

/** Calls the stack's HTTP API as an operator's client does: over HTTP, signed for execute-api. */
export function createApi({ stack, region, credentials }: Sandbox) {
  const base = String(stack?.resources.HttpApi?.attributes.ApiEndpoint);
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });

  return async (method: string, path: string, call: ApiCall = {}): Promise<ApiResult> => {
    const url = new URL(base + path);
    const body = typeof call.body === 'object' ? JSON.stringify(call.body) : call.body;
    const isJson = typeof call.body === 'object';
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      headers: {
        host: url.host,
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
    };
    const { headers } = call.isSigned === false ? request : await signer.sign(request);
    // Bytes, because fetch gives a text a content type of its own.
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: await response.json(),
    };
  };
}
