/** What the client did wrong, with the HTTP status and the JSON body it is told so with. */
export class RequestError extends Error {
  constructor(status, body, headers = {}) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export const badRequest = (message) => new RequestError(400, { error: message });
export const notFound = () => new RequestError(404, { error: 'not found' });
export const methodNotAllowed = (allowed) =>
  new RequestError(405, { error: 'method not allowed' }, { Allow: allowed.join(', ') });
export const payloadTooLarge = (limit) =>
  new RequestError(413, { error: `the body is larger than ${limit} bytes` }, { Connection: 'close' });
export const unprocessable = (errors) => new RequestError(422, { errors });
