import { jsonMessage } from '#sandbox/wire/http-handler.ts';

/** What the API answers. */
export interface ApiResponse {
  statusCode: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Uint8Array;
}

/** API Gateway's own answers: `{"message":"Forbidden"}` and its kin. */
export function messageResponse(statusCode: number, message: string): ApiResponse {
  return { ...jsonMessage(statusCode, message), cookies: [] };
}

export const internalServerError = () => messageResponse(500, 'Internal Server Error');

/**
 * The answer that a function's result stands for. Without a statusCode the whole result is a JSON body; with
 * one it is a response, whose default type is text. Undefined where it has a statusCode but not the form of one.
 */
export function functionResponse(payload: string): ApiResponse | undefined {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : payload;
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(body),
    };
  }
  return declaredResponse(result as Record<string, unknown>);
}

function declaredResponse(result: Record<string, unknown>): ApiResponse | undefined {
  const { headers = {}, cookies = [], body = '', isBase64Encoded = false } = result;
  const statusCode = Number(result.statusCode);
  const isValid =
    Number.isInteger(statusCode) &&
    statusCode >= 200 &&
    statusCode <= 599 &&
    typeof headers === 'object' &&
    headers !== null &&
    Array.isArray(cookies) &&
    typeof body === 'string';
  if (!isValid) return undefined;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(named) },
    cookies: cookies.map(String),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
