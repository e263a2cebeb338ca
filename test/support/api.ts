import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { assertInContract } from './contract.ts';

export interface ApiCall {
  /** An object is sent as JSON, a text as it is. */
  body?: object | string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  isSigned?: boolean;
}

export interface ApiResult {
  status: number;
  type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: each route's own; tests name what they expect
  body: any;
}

export type Api = (method: string, path: string, call?: ApiCall) => Promise<ApiResult>;

/** How a request travels: over HTTP to a sandbox, or in process to a simulation. */
export type Transport = (request: {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: Uint8Array | undefined;
}) => Promise<{ status: number; type: string | null; text: string }>;

/** A client of the API as an operator's is: signed for execute-api. What it sees is held against docs/openapi.yaml. */
export function createApiClient(
  base: string,
  { region, credentials }: Pick<Sandbox, 'region' | 'credentials'>,
  transport: Transport,
): Api {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });

  return async (method, path, call = {}) => {
    const isJson = typeof call.body === 'object';
    const body = isJson ? JSON.stringify(call.body) : (call.body as string | undefined);
    const url = new URL(base + path);
    const query = call.query ?? {};
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query,
      headers: {
        host: url.host,
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
    };
    const { headers } = call.isSigned === false ? request : await signer.sign(request);
    // Bytes, because fetch gives a text a content type of its own.
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const { status, type, text } = await transport({ method, url, headers, body: bytes });
    const answer = { status, type, body: text === '' ? undefined : JSON.parse(text) };
    assertInContract({ method, path, answer, ...(isJson ? { body: call.body } : {}) });
    return answer;
  };
}

/** Calls the stack's HTTP API over HTTP. */
export function createApi(sandbox: Sandbox): Api {
  const base = String(sandbox.stack?.resources.HttpApi?.attributes.ApiEndpoint);
  return createApiClient(base, sandbox, async ({ method, url, headers, body }) => {
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  });
}
