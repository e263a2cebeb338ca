import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** What a route answers: a status of HTTP, and a body that becomes JSON. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** The same as API Gateway takes it. */
export const toResponse = (
  { status, body }: ApiAnswer,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
