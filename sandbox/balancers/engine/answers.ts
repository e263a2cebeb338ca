import type { ServerResponse } from 'node:http';

export type Generation = 'classic' | 'application';

/** What a load balancer says itself when a target cannot answer: status, reason phrase. */
const phrases: Record<Generation, Record<number, string>> = {
  application: {
    400: 'Bad Request',
    502: 'Bad Gateway',
    503: 'Service Temporarily Unavailable',
    504: 'Gateway Time-out',
  },
  classic: {
    400: 'BAD_REQUEST',
    502: 'Bad Gateway',
    503: 'Service Unavailable: Back-end server is at capacity',
    504: 'GATEWAY_TIMEOUT',
  },
};

export type GatewayStatus = 502 | 503 | 504;

/** The reason phrase and body of the load balancer's own answer, as each generation words it. */
export function gatewayAnswer(generation: Generation, status: GatewayStatus) {
  const phrase = phrases[generation][status] ?? '';
  if (generation === 'classic') return { phrase, headers: { 'content-length': '0' }, body: '' };
  const title = `${status} ${phrase}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return {
    phrase,
    headers: { server: 'awselb/2.0', 'content-type': 'text/html', 'content-length': String(body.length) },
    body,
  };
}

/** Answers in the load balancer's own name, or cuts the connection when the answer has begun already. */
export function answerAsGateway(response: ServerResponse, generation: Generation, status: GatewayStatus) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { phrase, headers, body } = gatewayAnswer(generation, status);
  response.writeHead(status, phrase, headers);
  response.end(body);
}
